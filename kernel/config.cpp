// The releases that are modelled, and words of the command line.
#include "kernel/config.hpp"

#include <array>

namespace irqlab::kernel {

namespace {
constexpr std::array<ReleaseNames, 6> releases{{
    {"5.4", "5.4.0", 0x050400},
    {"5.10", "5.10.0", 0x050a00},
    {"5.15", "5.15.0", 0x050f00},
    {"6.1", "6.1.0", 0x060100},
    {"6.6", "6.6.0", 0x060600},
    {"6.12", "6.12.0", 0x060c00},
}};

/// Calls found(word) for each word until it returns true.
template <class Found>
bool any_word(std::string_view text, Found found)
{
    while (!text.empty()) {
        const std::size_t end = text.find(' ');
        const std::string_view word = text.substr(0, end);
        if (!word.empty() && found(word))
            return true;
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    }
    return false;
}
} // namespace

const ReleaseNames& names_of(Release release) { return releases[static_cast<std::size_t>(release)]; }

bool release_from(std::string_view option, Release& out)
{
    for (std::size_t i = 0; i < releases.size(); ++i)
        if (releases[i].option == option) {
            out = static_cast<Release>(i);
            return true;
        }
    return false;
}

bool has_word(std::string_view text, std::string_view word)
{
    return any_word(text, [&](std::string_view w) { return w == word; });
}

std::string_view cmdline_value(std::string_view cmdline, std::string_view name)
{
    std::string_view value;
    any_word(cmdline, [&](std::string_view w) {
        if (w.size() > name.size() && w.starts_with(name) && w[name.size()] == '=')
            value = w.substr(name.size() + 1);
        return false;
    });
    return value;
}

} // namespace irqlab::kernel
