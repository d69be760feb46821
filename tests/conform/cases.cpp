// Case files: JSON in and out, and the run of a case. See the header.
#include "tests/conform/cases.hpp"

#include <charconv>
#include <fmt/format.h>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "tests/conform/operations.hpp"

namespace irqlab::conform {

namespace {

using Json = nlohmann::ordered_json;

constexpr u64 power_on_seconds = 1'767'225'600; // 2026-01-01

/// What is wrong with the file, and where.
struct BadCase {
    std::string what;
};

/// Numbers are JSON numbers or strings in hexadecimal, "0x20".
u64 number(const Json& value, const char* key)
{
    if (value.is_number_unsigned() || value.is_number_integer())
        return value.get<u64>();
    if (value.is_boolean())
        return value.get<bool>();
    if (!value.is_string())
        throw BadCase{fmt::format("'{}' must be a number or a string like \"0x20\"", key)};
    const std::string s = value.get<std::string>();
    u64 result = 0;
    if (s.starts_with("0x")) {
        const auto [end, error] = std::from_chars(s.data() + 2, s.data() + s.size(), result, 16);
        if (error == std::errc{} && end == s.data() + s.size() && s.size() > 2)
            return result;
    }
    throw BadCase{fmt::format("'{}': \"{}\" is no number; write 32 or \"0x20\"", key, s)};
}

bool is_argument(const Operation& operation, std::string_view key)
{
    for (const char* known : operation.arguments)
        if (known && key == known)
            return true;
    return false;
}

Step read_step(const Json& json)
{
    if (!json.is_object() || !json.contains("op") || !json["op"].is_string())
        throw BadCase{"a step is an object with \"op\""};
    Step s;
    const std::string name = json["op"];
    s.operation = find_operation(name);
    if (!s.operation)
        throw BadCase{fmt::format("unknown op \"{}\"", name)};
    for (unsigned i = 0; i < arguments_max && s.operation->arguments[i]; ++i) {
        const char* key = s.operation->arguments[i];
        if (!json.contains(key))
            throw BadCase{fmt::format("\"{}\" needs \"{}\"", name, key)};
        s.argument[i] = number(json[key], key);
    }
    for (const auto& [key, value] : json.items()) {
        if (key == "cpu")
            s.cpu = static_cast<u8>(number(value, "cpu"));
        else if (key == "width")
            s.width = static_cast<u8>(number(value, "width"));
        else if (key == "expect" && s.operation->answers)
            s.expect = number(value, "expect");
        else if (key == "mask" && s.operation->answers)
            s.mask = number(value, "mask");
        else if (key != "op" && key != "note" && !is_argument(*s.operation, key))
            throw BadCase{fmt::format("\"{}\" has no \"{}\"", name, key)};
    }
    return s;
}

hw::BoardId read_board(const std::string& name)
{
    for (unsigned i = 0; i < hw::boards; ++i)
        if (name == hw::name(static_cast<hw::BoardId>(i)))
            return static_cast<hw::BoardId>(i);
    throw BadCase{fmt::format("there is no board \"{}\"", name)};
}

Case read_case(const Json& json)
{
    Case c;
    c.name = json.at("name").get<std::string>();
    c.clauses = json.at("clauses").get<std::vector<std::string>>();
    c.source = json.value("source", "");
    c.board = read_board(json.value("board", "pc"));
    c.cpus = json.value("cpus", 1u);
    if (c.cpus < 1 || c.cpus > hw::cpus_max)
        throw BadCase{"\"cpus\" must be 1 to 255"};
    unsigned at = 0;
    for (const Json& s : json.at("steps")) {
        ++at;
        try {
            c.steps.push_back(read_step(s));
        } catch (const BadCase& bad) {
            throw BadCase{fmt::format("step {}: {}", at, bad.what)};
        }
        if (c.steps.back().cpu >= c.cpus)
            throw BadCase{fmt::format("step {}: there is no CPU {}", at, c.steps.back().cpu)};
    }
    return c;
}

Json hex(u64 value)
{
    if (const i64 number = static_cast<i64>(value); number < 0 && number >= -0xFFFF)
        return number; // motion to the left or downwards
    return value < 10 ? Json(value) : Json(fmt::format("{:#x}", value));
}

Json write_step(const Step& s)
{
    Json json{{"op", s.operation->name}};
    for (unsigned i = 0; i < arguments_max && s.operation->arguments[i]; ++i)
        json[s.operation->arguments[i]] = hex(s.argument[i]);
    if (s.width != 0)
        json["width"] = s.width;
    if (s.cpu != 0)
        json["cpu"] = s.cpu;
    if (s.mask != ~u64{0})
        json["mask"] = hex(s.mask);
    if (s.expect)
        json["expect"] = hex(*s.expect);
    return json;
}

/// One step a line: that is how people read and compare them.
std::string write_case(const Case& c)
{
    std::string text = fmt::format("    {{\"name\": {}, \"clauses\": {}, \"source\": {},\n     \"board\": "
                                   "\"{}\", \"cpus\": {}, \"steps\": [",
                                   Json(c.name).dump(), Json(c.clauses).dump(), Json(c.source).dump(),
                                   hw::name(c.board), c.cpus);
    for (const Step& s : c.steps)
        text += fmt::format("{}\n      {}", &s == c.steps.data() ? "" : ",", write_step(s).dump());
    return text + "]}";
}

bool read_json(const std::string& path, Json& json, std::string& error)
{
    std::ifstream in(path);
    if (!in) {
        error = fmt::format("{}: cannot be read", path);
        return false;
    }
    try {
        json = Json::parse(in);
        return true;
    } catch (const Json::exception& e) {
        error = fmt::format("{}: no JSON: {}", path, e.what());
        return false;
    }
}

} // namespace

bool load_cases(const std::string& path, CaseFile& file, std::string& error)
{
    Json json;
    if (!read_json(path, json, error))
        return false;
    std::string where = "its head";
    try {
        file = {path, json.at("title").get<std::string>(), {}};
        if (json.at("format").get<int>() != 1)
            throw BadCase{"\"format\" must be 1"};
        for (const Json& c : json.at("cases")) {
            where = c.is_object() && c.contains("name") ? c["name"].dump() : "a case";
            file.cases.push_back(read_case(c));
        }
        return true;
    } catch (const BadCase& bad) {
        error = fmt::format("{}: {}: {}", path, where, bad.what);
    } catch (const Json::exception& e) {
        error = fmt::format("{}: {}: {}", path, where, e.what());
    }
    return false;
}

std::string to_json(const CaseFile& file)
{
    std::string text = fmt::format("{{\"format\": 1, \"title\": {}, \"cases\": [", Json(file.title).dump());
    for (const Case& c : file.cases)
        text += fmt::format("{}\n{}", &c == file.cases.data() ? "" : ",", write_case(c));
    return text + "\n]}\n";
}

std::string run_case(const Case& c)
{
    const auto machine = std::make_unique<hw::Machine>();
    hw::power_on(*machine, c.board, c.cpus, power_on_seconds);
    begin_case();
    for (std::size_t i = 0; i < c.steps.size(); ++i) {
        const Step& s = c.steps[i];
        const u64 came = perform(*machine, s) & s.mask;
        if (s.expect && came != *s.expect)
            return fmt::format("step {}: {}: expected {:#x}, came {:#x}", i + 1, text(s), *s.expect, came);
    }
    return {};
}

bool load_clauses(const std::string& path, std::vector<Clause>& clauses, std::string& error)
{
    Json json;
    if (!read_json(path, json, error))
        return false;
    try {
        for (const Json& row : json.at("clauses"))
            clauses.push_back({row.at("id"), row.at("source"), row.at("rule")});
        return true;
    } catch (const Json::exception& e) {
        error = fmt::format("{}: {}", path, e.what());
        return false;
    }
}

} // namespace irqlab::conform
