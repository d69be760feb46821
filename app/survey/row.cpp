// A row as JSON. See the header.
#include "app/survey/row.hpp"

#include <nlohmann/json.hpp>

namespace irqlab::app::survey {

using nlohmann::json;

std::string to_json(const Row& row)
{
    // Drivers print what they like: bytes that are no UTF-8 are replaced.
    return json{{"path", row.path},
                {"kernel", row.kernel},
                {"built", row.built},
                {"loaded", row.loaded},
                {"exercised", row.exercised},
                {"unloaded", row.unloaded},
                {"first_failure", row.failure}}
        .dump(-1, ' ', false, json::error_handler_t::replace);
}

bool from_json(const std::string& text, Row& row)
{
    const json j = json::parse(text, nullptr, false);
    if (!j.is_object() || !j.contains("first_failure"))
        return false;
    row.path = j.value("path", "");
    row.kernel = j.value("kernel", "");
    row.built = j.value("built", false);
    row.loaded = j.value("loaded", false);
    row.exercised = j.value("exercised", false);
    row.unloaded = j.value("unloaded", false);
    row.failure = j.value("first_failure", "");
    return true;
}

} // namespace irqlab::app::survey
