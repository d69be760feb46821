// A QEMU process that is driven over its qtest protocol: register accesses and pins of its device models,
// nothing else. Commands are pipelined.
//
// Its virtual CPUs are stopped, and so is its virtual clock. With Clock::ours the clock is the test's: the
// virtual machine runs, its one CPU halted for good, and time passes by advance_clock() only, with all timers
// of the device models (see qemu_clock.c). Where they fire is exact.
//
// The protocol's text lines go over the process's standard input and output; a second channel (QMP) answers
// questions about the object tree. Source: [QEMU] docs/devel/qtest.rst.
#pragma once
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "hw/base/bits.hpp"

namespace irqlab::conform {

class Qtest {
public:
    enum class Clock : u8 { stopped, ours };
    /// Starts QEMU with these arguments beside those that make it a witness. Throws WitnessError.
    explicit Qtest(const std::vector<std::string>& arguments, Clock clock = Clock::stopped);
    ~Qtest();
    Qtest(const Qtest&) = delete;
    Qtest& operator=(const Qtest&) = delete;

    /// Object paths of a type, in the order of the tree: "isa-i8259" -> the master, then the slave.
    std::vector<std::string> paths_of(std::string_view type) const;
    /// Tells of each change of the outputs of the device at `path`. One device for each process.
    void intercept_outputs(const std::string& path);
    /// The same of its inputs; they still reach it.
    void intercept_inputs(const std::string& path);
    /// A command of the human monitor, at once: "info pic".
    std::string monitor(const std::string& command);

    /// Queues a command; flush() sends what is queued and collects the answers.
    void queue(std::string_view command);
    std::size_t queued() const { return commands_; }
    /// Queues that time goes on, with Clock::ours. The next command finds all timers fired that are due.
    void advance_clock(u64 ns);
    u64 clock_ns() const { return clock_ns_; } ///< As of the last command queued.
    struct Answer {
        u64 value;  ///< What a read returned; 0 otherwise.
        u64 levels; ///< Bit n: intercepted output n is high after it.
    };
    /// The answers to all that was queued, in order. Throws WitnessError.
    std::vector<Answer> flush();

private:
    struct File; // A descriptor that QEMU inherits.
    void start(const std::vector<std::string>& arguments, int monitor_fd, const File& clock,
               const File& firmware);
    void make_clock(const File& page);
    std::string ask(const std::string& json);
    void read_tree();
    bool take_line(std::string& line);
    void send_some();
    Answer wait_answer();

    struct Object {
        std::string path, type;
    };
    int pid_ = -1;
    int in_ = -1, out_ = -1, monitor_ = -1;
    std::string pending_; // bytes of the answers, not yet read
    std::size_t at_ = 0;  // where in them
    /// Commands that are sent together, after the clock was set.
    struct Batch {
        u64 clock_ns;
        std::string bytes;
        std::size_t commands;
    };
    std::vector<Batch> batches_{{}};
    std::string sending_; // bytes of the batch under way, not yet sent
    std::size_t commands_ = 0;
    u64 clock_ns_ = 0;
    volatile u64* clock_ = nullptr; // what QEMU's clock shows
    u64 levels_ = 0;
    std::vector<Object> tree_;
};

/// The witness cannot be had or has died: what and why.
struct WitnessError {
    std::string what;
};

/// Where QEMU is, or "" when this host has none.
std::string find_qemu();

} // namespace irqlab::conform
