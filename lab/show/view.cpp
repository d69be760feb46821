// Draws a view as text: lines of an object, table of an array.
#include "lab/show/view.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <vector>

namespace irqlab::lab {

namespace {

std::string cell(const View& value)
{
    if (value.is_string())
        return value.get<std::string>();
    if (value.is_boolean())
        return value.get<bool>() ? "yes" : "no";
    if (value.is_array()) {
        std::string joined;
        for (const View& item : value)
            joined += (joined.empty() ? "" : " ") + cell(item);
        return joined.empty() ? "-" : joined;
    }
    return value.dump();
}

std::string draw_table(const View& rows)
{
    std::vector<std::string> heads;
    for (const auto& [key, _] : rows.front().items())
        heads.push_back(key);
    std::vector<std::size_t> width;
    for (const std::string& h : heads) {
        std::size_t w = h.size();
        for (const View& row : rows)
            w = std::max(w, cell(row.value(h, View(""))).size());
        width.push_back(w);
    }
    std::string text;
    const auto line = [&](auto&& text_of) {
        std::string l;
        for (std::size_t i = 0; i < heads.size(); ++i)
            l += fmt::format("{:<{}}  ", text_of(heads[i]), width[i]);
        l.erase(l.find_last_not_of(' ') + 1);
        text += l + '\n';
    };
    line([](const std::string& h) { return h; });
    for (const View& row : rows)
        line([&](const std::string& h) { return cell(row.value(h, View(""))); });
    return text;
}

bool is_table(const View& v) { return v.is_array() && !v.empty() && v.front().is_object(); }

} // namespace

std::string hex(unsigned long long value, int digits) { return fmt::format("0x{:0{}x}", value, digits); }

std::string draw(const View& view)
{
    if (is_table(view))
        return draw_table(view);
    std::size_t width = 0;
    for (const auto& [key, value] : view.items())
        if (!value.is_object() && !is_table(value))
            width = std::max(width, key.size());
    std::string text;
    for (const auto& [key, value] : view.items()) {
        if (value.is_object() || is_table(value))
            text += fmt::format("{}{}:\n{}", text.empty() ? "" : "\n", key, draw(value));
        else
            text += fmt::format("{:<{}}  {}\n", key, width, cell(value));
    }
    return text;
}

} // namespace irqlab::lab
