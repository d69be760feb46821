// Text to the terminal: stdio, flushed at once, so that it keeps its order beside children's text.
#include "app/output.hpp"
#include <cstdio>
#include <cstdlib>
#include <unistd.h>

namespace irqlab::app {

namespace {
void put(std::FILE* stream, std::string_view text)
{
    std::fwrite(text.data(), 1, text.size(), stream);
    std::fflush(stream);
}
} // namespace

void TerminalOutput::out(std::string_view text) { put(stdout, text); }
void TerminalOutput::error(std::string_view text) { put(stderr, text); }

// [no-color.org]: any value but the empty one turns colours off.
bool TerminalOutput::colour() const
{
    const char* no_color = std::getenv("NO_COLOR");
    return ::isatty(STDERR_FILENO) != 0 && (no_color == nullptr || *no_color == '\0');
}

} // namespace irqlab::app
