// One view as data: JSON is the model, text is drawn from it.
#pragma once
#include <nlohmann/json.hpp>
#include <string>

namespace irqlab::lab {

using View = nlohmann::ordered_json;

/// An object becomes lines `name  value`; an array of objects becomes a table with a heading.
std::string draw(const View& view);

/// "0x2a" of at least `digits` digits.
std::string hex(unsigned long long value, int digits = 2);

} // namespace irqlab::lab
