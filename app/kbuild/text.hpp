// Small text work of the module builder: words, lines, names.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace irqlab::app::kbuild {

/// Splits at blanks.
std::vector<std::string> split_words(std::string_view text);

/// Without their newlines; a last one at the end of the text ends a line, and begins none.
std::vector<std::string> split_lines(std::string_view text);

/// Splits as sh splits a command line: quotes and backslashes are removed; nothing is expanded.
/// [POSIX] "Quoting". An open quote ends with the text.
std::vector<std::string> split_shell_words(std::string_view text);

/// Without terminal colours (CSI sequences), so that a compiler's line can be read back.
std::string without_colours(std::string_view text);

/// NAME as kbuild makes it an identifier for KBUILD_MODNAME and lsmod: `-` and `,` become `_`.
std::string module_identifier(std::string_view name);

/// The text as a C string literal, quotes included.
std::string c_literal(std::string_view text);

std::string_view base_name(std::string_view path);
std::string_view directory_name(std::string_view path); // "" when there is none
std::string_view without_suffix(std::string_view name, std::string_view suffix);

} // namespace irqlab::app::kbuild
