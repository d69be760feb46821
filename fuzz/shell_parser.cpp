// Fuzz target: any text is a script or a syntax error; parsing neither crashes nor recurses without bound.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "hw/base/check.hpp"
#include "lab/shell/shell.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    irqlab::lab::Script script;
    irqlab::lab::ParseError error;
    const bool ok = irqlab::lab::Script::parse(text, "fuzz", script, error);
    CHECK(ok || (error.line >= 1 && error.message.starts_with("Syntax error: ")));
    irqlab::lab::Interactive::complete(text);
    return 0;
}
