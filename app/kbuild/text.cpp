// Words, lines and names.
#include "app/kbuild/text.hpp"
#include <algorithm>

namespace irqlab::app::kbuild {

namespace {
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// What a backslash hides inside double quotes. [POSIX] "Double-Quotes"
bool escapes_in_double_quotes(char c) { return c == '"' || c == '\\' || c == '$' || c == '`'; }
} // namespace

std::vector<std::string> split_words(std::string_view text)
{
    std::vector<std::string> words;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i;
        while (end < text.size() && !is_blank(text[end]))
            ++end;
        if (end > i)
            words.emplace_back(text.substr(i, end - i));
        i = end + 1;
    }
    return words;
}

std::vector<std::string> split_lines(std::string_view text)
{
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        lines.emplace_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

std::vector<std::string> split_shell_words(std::string_view text)
{
    std::vector<std::string> words;
    std::string word;
    bool inside = false; // a word has begun; it may still be empty, as in ''
    char quote = '\0';
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool more = i + 1 < text.size();
        if (quote == '\0' && is_blank(c)) {
            if (inside)
                words.push_back(word);
            word.clear();
            inside = false;
            continue;
        }
        inside = true;
        if (c == quote)
            quote = '\0';
        else if (quote == '\0' && (c == '\'' || c == '"'))
            quote = c;
        else if (c == '\\' && quote != '\'' && more && (quote == '\0' || escapes_in_double_quotes(text[i + 1])))
            word += text[++i];
        else
            word += c;
    }
    if (inside)
        words.push_back(word);
    return words;
}

std::string without_colours(std::string_view text)
{
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\x1b' || i + 1 >= text.size() || text[i + 1] != '[') {
            plain += text[i];
            continue;
        }
        i += 2; // parameters and intermediates up to the final byte, 0x40..0x7e
        while (i < text.size() && (text[i] < '@' || text[i] > '~'))
            ++i;
    }
    return plain;
}

std::string module_identifier(std::string_view name)
{
    std::string identifier(name);
    for (char& c : identifier)
        if (c == '-' || c == ',')
            c = '_';
    return identifier;
}

std::string c_literal(std::string_view text)
{
    std::string literal = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            literal += '\\';
        literal += c;
    }
    return literal + '"';
}

std::string_view base_name(std::string_view path)
{
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view directory_name(std::string_view path)
{
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}

std::string_view without_suffix(std::string_view name, std::string_view suffix)
{
    return name.ends_with(suffix) ? name.substr(0, name.size() - suffix.size()) : name;
}

} // namespace irqlab::app::kbuild
