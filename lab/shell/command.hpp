// The commands of the shell: how one is declared, what it is given, how it prints and fails.
#pragma once
#include "lab/shell/context.hpp"

namespace irqlab::lab::sh {

/// One run of a command. Output is collected and written in pieces; everything is in the arena.
class Command {
public:
    Command(ShellContext& context, int count, const char* const* values)
        : shell(context), memory(context.memory), argc(count), argv(values), out_(&context.memory)
    {
    }

    ShellContext& shell;
    Memory& memory;
    int argc;
    const char* const* argv; // argv[argc] is null

    const char* name() const { return argv[0]; }

    void write(std::string_view text);
    void put(char c) { write(std::string_view(&c, 1)); }
    void print(const char* format, ...) __attribute__((format(printf, 2, 3)));
    /// While held, output is collected and nothing is written: no system call happens.
    void hold(bool on) { held_ = on; }
    /// Writes what is collected. False: nothing can be written any more.
    bool flush();
    bool broken() const { return write_error_ != 0; }
    int write_error() const { return write_error_; }
    /// Output so far, for commands that hand it on themselves.
    Str& buffer() { return out_; }

    /// While muted, fail() reports nothing.
    void mute(bool on) { muted_ = on; }
    /// `NAME: message` on descriptor 2. @return 1, so that `return c.fail(...)` reads well.
    int fail(const char* format, ...) __attribute__((format(printf, 2, 3)));
    /// `NAME: path: text of errno`. @return 1.
    int fail_path(std::string_view path, std::int64_t error);
    /// Text as it is on descriptor 2.
    void warn(const char* format, ...) __attribute__((format(printf, 2, 3)));
    /// `missing operand`, as the core utilities say it. @return 1.
    int missing_operand();

    /// What open_input says around the path of a file that it could not open.
    const char* open_before = "";
    const char* open_after = "";

    /// Opens for reading; "-" is descriptor 0. @return descriptor, or < 0 and reported.
    int open_input(const char* path);
    void close_input(int fd);
    /// Whole input in `out`. False: reported.
    bool read_all(const char* path, Str& out);

private:
    Str out_;
    bool held_ = false, muted_ = false;
    int write_error_ = 0;
};

using CommandFunction = int (*)(Command& command);

struct CommandEntry {
    std::string_view name;
    CommandFunction run;
    const char* usage;     // what follows the name, and what it does; null: --help is an argument like others
    bool in_shell = false; // may run in the task of the shell, when nothing is redirected
};

/// Null: there is no such command.
const CommandEntry* find_command(std::string_view name);
/// Runs it in the calling task and flushes its output.
int invoke(ShellContext& shell, const CommandEntry& entry, int argc, const char* const* argv);

// --- options --------------------------------------------------------------------------------------------

struct LongOption {
    std::string_view name; // without --
    char letter;
};

/// getopt's rules: letters that `letters` lists, ':' after one that takes a value; operands may stand between
/// options, unless `letters` begins with '+'. [POSIX] "Utility Syntax Guidelines", [MAN3] "getopt".
class OptionReader {
public:
    OptionReader(Command& command, std::string_view letters, const LongOption* longs = nullptr,
                 std::size_t long_count = 0);
    /// The next option's letter; 0: no more; '?': a wrong one, reported.
    char next();
    const char* value() const { return value_; }
    const Vec<const char*>& operands() const { return operands_; }
    /// Where the operands begin in argv, for letters with '+'.
    int first() const { return index_; }

private:
    char next_letter();
    char next_long(std::string_view option);
    char wrong(const char* format, const char* what);

    Command& command_;
    std::string_view letters_;
    const LongOption* longs_;
    std::size_t long_count_;
    Vec<const char*> operands_;
    int index_ = 1;
    const char* cluster_ = nullptr; // the rest of -abc
    const char* value_ = nullptr;
};

// --- input ------------------------------------------------------------------------------------------------

/// Lines from a descriptor, as they come: never reads while a whole line is at hand.
class LineReader {
public:
    LineReader(Memory& memory, int fd) : pending_(&memory), fd_(fd) {}
    /// The next line without its newline, valid until the next call. False: the end, or error() < 0.
    bool next(std::string_view& line);
    /// Whether a further line is at hand without a read.
    bool buffered() const { return pending_.find('\n', start_) != Str::npos; }
    bool ended_with_newline() const { return newline_; }
    int error() const { return error_; }

private:
    Str pending_;
    int fd_;
    std::size_t start_ = 0;
    bool end_ = false;
    bool newline_ = true;
    int error_ = 0;
};

/// Calls `work` for each input file ("-" or none: descriptor 0). @return 1 if any could not be opened or read.
int for_each_input(Command& command, const Vec<const char*>& paths, int (*work)(Command&, int fd, const char* path, void*),
                   void* context);

/// 10, 0x1f, 4k, 1M (and b, kB as dd has them). False: no number.
bool parse_size(std::string_view text, std::uint64_t& value);
/// 1, 0.25, 1.5m as sleep takes them; in nanoseconds.
bool parse_duration(std::string_view text, std::uint64_t& nanoseconds);

} // namespace irqlab::lab::sh
