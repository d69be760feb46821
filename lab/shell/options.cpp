// The commands of the shell: reading options, with getopt's messages.
#include "lab/shell/command.hpp"

namespace irqlab::lab::sh {

OptionReader::OptionReader(Command& command, std::string_view letters, const LongOption* longs,
                           std::size_t long_count)
    : command_(command), letters_(letters), longs_(longs), long_count_(long_count), operands_(&command.memory)
{
}

char OptionReader::wrong(const char* format, const char* what)
{
    Str message(&command_.memory);
    for (const char* p = format; *p; ++p)
        *p == '%' ? message.append(what) : message.append(1, *p);
    command_.fail("%s", message.c_str());
    command_.warn("Try '%s --help' for more information.\n", command_.name());
    return '?';
}

char OptionReader::next()
{
    value_ = nullptr;
    if (cluster_ && *cluster_)
        return next_letter();
    const bool stops = letters_.starts_with('+');
    while (index_ < command_.argc) {
        const std::string_view argument = command_.argv[index_];
        if (argument == "--") {
            ++index_;
            break;
        }
        if (argument.starts_with("--")) {
            ++index_;
            return next_long(argument.substr(2));
        }
        if (argument.size() > 1 && argument[0] == '-') {
            cluster_ = command_.argv[index_++] + 1;
            return next_letter();
        }
        if (stops)
            break;
        operands_.push_back(command_.argv[index_++]);
    }
    for (int i = index_; i < command_.argc; ++i)
        operands_.push_back(command_.argv[i]);
    if (!stops)
        index_ = command_.argc;
    cluster_ = nullptr;
    return 0;
}

char OptionReader::next_letter()
{
    const char letter = *cluster_++;
    const std::size_t at = letter == ':' || letter == '+' ? std::string_view::npos : letters_.find(letter);
    const char text[2] = {letter, '\0'};
    if (at == std::string_view::npos)
        return wrong("invalid option -- '%'", text);
    if (at + 1 >= letters_.size() || letters_[at + 1] != ':')
        return letter;
    if (*cluster_)
        value_ = cluster_;
    else if (index_ < command_.argc)
        value_ = command_.argv[index_++];
    else
        return wrong("option requires an argument -- '%'", text);
    cluster_ = nullptr;
    return letter;
}

/// --name, --name=value, --name value.
char OptionReader::next_long(std::string_view option)
{
    const std::size_t equals = option.find('=');
    const std::string_view name = option.substr(0, equals);
    for (std::size_t i = 0; i < long_count_; ++i) {
        if (longs_[i].name != name)
            continue;
        const std::size_t at = letters_.find(longs_[i].letter);
        if (at != std::string_view::npos && at + 1 < letters_.size() && letters_[at + 1] == ':') {
            if (equals != std::string_view::npos)
                value_ = option.data() + equals + 1;
            else if (index_ < command_.argc)
                value_ = command_.argv[index_++];
            else
                return wrong("option '--%' requires an argument", option.data());
        }
        return longs_[i].letter;
    }
    return wrong("unrecognized option '--%'", option.data());
}

} // namespace irqlab::lab::sh
