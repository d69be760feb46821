// A kernel without boot: enough of a World for code that never sleeps and never switches tasks.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "kernel/bh/bh.hpp"
#include "kernel/kernel.hpp"
#include "kernel/lib/library.hpp"
#include "kernel/lock/lock.hpp"
#include "kernel/mm/mm.hpp"
#include "kernel/printk/console.hpp"
#include "kernel/time/timekeeping.hpp"

namespace irqlab::kernel {

class BareKernel {
public:
    explicit BareKernel(std::string_view cmdline = "", Release release = Release::v6_1)
    {
        config_.cmdline = cmdline;
        config_.release = release;
        hw::power_on(*machine_, hw::BoardId::pc, 1, 0);
        k.cpus = &cpu_;
        k.this_cpu = &cpu_;
        k.cpu_count = 1;
        task_.linux.pid = 93;
        std::string("insmod").copy(task_.linux.comm, sizeof task_.linux.comm);
        cpu_.current = &task_;
        cpu_.online = true;
        the_kernel = &k;
        access_budget = {1'000'000, 1'000'000};
        printk_init(k);
        memory_init(k);
        bh_init(k);
        lock_init(k);
        time_init(k);
        library_init(k);
        machine_->core[0].cpu.rflags |= hw::rflags::If::mask;
    }
    ~BareKernel()
    {
        memory_drop(k);
        the_kernel = nullptr;
    }

    /// The log, each line as "<level>text".
    std::vector<std::string> log() const
    {
        std::vector<std::string> lines;
        LogCursor cursor;
        while (const LogRecord* r = log_next(k, cursor))
            lines.push_back("<" + std::to_string(r->level) + ">" + r->text());
        return lines;
    }
    /// How many lines begin like that.
    std::size_t count(const std::string& start) const
    {
        std::size_t n = 0;
        for (const std::string& line : log())
            n += line.starts_with(start);
        return n;
    }

private:
    Config config_;
    std::unique_ptr<hw::Machine> machine_ = std::make_unique<hw::Machine>();
    sim::Arena arena_{std::size_t{64} << 20};
    sim::EventStream events_{arena_, 256};
    sim::NaturalChoice choice_;
    PerCpu cpu_;
    Task task_;

public:
    Kernel k{config_, *machine_, arena_, events_, choice_};
};

} // namespace irqlab::kernel
