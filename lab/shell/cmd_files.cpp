// Commands that make, remove and change files: rm, mkdir, touch, mknod, chmod.
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

#include "lab/shell/commands.hpp"

namespace irqlab::lab::sh {

namespace {

bool parse_octal(std::string_view text, unsigned& mode)
{
    unsigned value = 0;
    for (const char c : text) {
        if (c < '0' || c > '7' || value > 07777)
            return false;
        value = value * 8 + static_cast<unsigned>(c - '0');
    }
    if (text.empty() || value > 07777)
        return false;
    mode = value;
    return true;
}

unsigned who_mask(char who)
{
    return who == 'u' ? 0700u : who == 'g' ? 0070u : who == 'o' ? 0007u : 0777u;
}

/// One clause of a symbolic mode: [ugoa]*[+-=][rwx]*. [POSIX] "chmod".
bool apply_clause(std::string_view clause, unsigned& mode)
{
    unsigned who = 0;
    std::size_t i = 0;
    for (; i < clause.size() && std::string_view("ugoa").find(clause[i]) != std::string_view::npos; ++i)
        who |= who_mask(clause[i]);
    if (i >= clause.size() || std::string_view("+-=").find(clause[i]) == std::string_view::npos)
        return false;
    const char verb = clause[i++];
    who = who ? who : 0777u;
    unsigned bits = 0;
    for (; i < clause.size(); ++i) {
        const unsigned bit = clause[i] == 'r' ? 0444u : clause[i] == 'w' ? 0222u : clause[i] == 'x' || clause[i] == 'X' ? 0111u : 0u;
        if (bit == 0)
            return false;
        bits |= bit & who;
    }
    mode = verb == '+' ? mode | bits : verb == '-' ? mode & ~bits : (mode & ~who) | bits;
    return true;
}

bool apply_mode(std::string_view text, unsigned& mode)
{
    if (parse_octal(text, mode))
        return true;
    while (!text.empty()) {
        const std::size_t comma = text.find(',');
        if (!apply_clause(text.substr(0, comma), mode))
            return false;
        text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    }
    return true;
}

int make_parents(Command& c, const char* path, unsigned mode)
{
    const std::string_view whole = path;
    for (std::size_t slash = whole.find('/', 1); slash != std::string_view::npos; slash = whole.find('/', slash + 1))
        kernel::sys_mkdir(Str(whole.substr(0, slash), &c.memory).c_str(), 0777);
    const int error = kernel::sys_mkdir(path, mode);
    return error == -EEXIST ? 0 : error;
}

} // namespace

int rm_command(Command& c)
{
    bool force = false;
    OptionReader reader(c, "frRiv");
    while (const char option = reader.next()) {
        if (option == '?')
            return 1;
        force |= option == 'f';
    }
    if (reader.operands().empty())
        return force ? 0 : c.missing_operand();
    int status = 0;
    for (const char* path : reader.operands()) {
        kernel::Stat stat{};
        if (kernel::sys_stat(path, stat) == 0 && S_ISDIR(stat.mode)) {
            status = c.fail("cannot remove '%s': Is a directory", path);
            continue;
        }
        const int error = kernel::sys_unlink(path);
        if (error < 0 && !(force && error == -ENOENT))
            status = c.fail("cannot remove '%s': %s", path, error_text(error));
    }
    return status;
}

int mkdir_command(Command& c)
{
    bool parents = false;
    unsigned mode = 0777;
    OptionReader reader(c, "pm:v");
    while (const char option = reader.next()) {
        if (option == '?')
            return 1;
        parents |= option == 'p';
        if (option == 'm' && !apply_mode(reader.value(), mode))
            return c.fail("invalid mode '%s'", reader.value());
    }
    if (reader.operands().empty())
        return c.missing_operand();
    int status = 0;
    for (const char* path : reader.operands()) {
        const int error = parents ? make_parents(c, path, mode) : kernel::sys_mkdir(path, mode);
        if (error < 0)
            status = c.fail("cannot create directory '%s': %s", path, error_text(error));
    }
    return status;
}

int touch_command(Command& c)
{
    OptionReader reader(c, "cam");
    bool creates = true;
    while (const char option = reader.next()) {
        if (option == '?')
            return 1;
        creates &= option != 'c';
    }
    if (reader.operands().empty())
        return c.fail("missing file operand");
    int status = 0;
    for (const char* path : reader.operands()) {
        kernel::Stat stat{};
        if (!creates || kernel::sys_stat(path, stat) == 0)
            continue;
        const int fd = kernel::sys_open(path, O_WRONLY | O_CREAT | O_NONBLOCK, 0666);
        if (fd < 0)
            status = c.fail("cannot touch '%s': %s", path, error_text(fd));
        else
            kernel::sys_close(fd);
    }
    return status;
}

int mknod_command(Command& c)
{
    unsigned mode = 0666;
    OptionReader reader(c, "m:");
    while (const char option = reader.next()) {
        if (option == '?')
            return 1;
        if (option == 'm' && !apply_mode(reader.value(), mode))
            return c.fail("invalid mode '%s'", reader.value());
    }
    const auto& words = reader.operands();
    if (words.size() < 2)
        return c.missing_operand();
    const char type = words[1][0];
    std::int64_t major = 0, minor = 0;
    const bool device = type == 'c' || type == 'b' || type == 'u';
    if (!device && type != 'p')
        return c.fail("invalid device type '%s'", words[1]);
    if (device && words.size() < 4)
        return c.fail("missing operand after '%s'\nSpecial files require major and minor device numbers.", words.back());
    if (device && !parse_number(words[2], major))
        return c.fail("invalid major device number '%s'", words[2]);
    if (device && !parse_number(words[3], minor))
        return c.fail("invalid minor device number '%s'", words[3]);
    const unsigned kind = type == 'b' ? S_IFBLK : type == 'p' ? S_IFIFO : S_IFCHR;
    const int error = kernel::sys_mknod(words[0], kind | mode, static_cast<unsigned>(major), static_cast<unsigned>(minor));
    return error < 0 ? c.fail_path(words[0], error) : 0;
}

int chmod_command(Command& c)
{
    // A mode may begin with '-' (chmod -w file), so no option is read: -R and -v have no use here.
    if (c.argc < 3)
        return c.missing_operand();
    int status = 0;
    for (int i = 2; i < c.argc; ++i) {
        kernel::Stat stat{};
        int error = kernel::sys_stat(c.argv[i], stat);
        if (error < 0) {
            status = c.fail("cannot access '%s': %s", c.argv[i], error_text(error));
            continue;
        }
        unsigned mode = stat.mode & 07777;
        if (!apply_mode(c.argv[1], mode))
            return c.fail("invalid mode: '%s'", c.argv[1]);
        error = kernel::sys_chmod(c.argv[i], mode);
        if (error < 0)
            status = c.fail("changing permissions of '%s': %s", c.argv[i], error_text(error));
    }
    return status;
}

} // namespace irqlab::lab::sh
