// A kernel without a boot: two CPUs, one task with a file table, memory, log and files.
#pragma once
#include <memory>
#include <string>

#include "kernel/irq/irq.hpp"
#include "kernel/kernel.hpp"
#include "kernel/mm/mm.hpp"
#include "kernel/printk/console.hpp"
#include "kernel/sched/sched_state.hpp"
#include "kernel/vfs/file.hpp"

namespace irqlab::kernel::test {

class VfsWorld {
public:
    explicit VfsWorld(Release release = Release::v6_1, std::string_view without = {})
    {
        config.release = release;
        config.without = without;
        config.cpus = 2;
        the_kernel = &kernel;
        kernel.cpus = cpus;
        kernel.cpu_count = 2;
        kernel.this_cpu = &cpus[0];
        for (unsigned i = 0; i < 2; ++i) {
            cpus[i].index = static_cast<u8>(i);
            cpus[i].online = true;
        }
        cpus[0].current = &task;
        task.cpu = &cpus[0];
        task.linux.pid = 1;
        kernel.irq = &irq;
        irq.desc = descs;
        irq.nr_irqs = lines;
        kernel.sched = &sched;
        memory_init(kernel);
        printk_init(kernel);
        vfs_init(kernel);
        task.files = files_root(kernel, "/");
    }
    ~VfsWorld()
    {
        files_close_all(task);
        vfs_drop(kernel);
        memory_drop(kernel);
        the_kernel = nullptr;
    }

    /// The whole text at `path`, read in pieces of `piece` bytes; "error N" when it does not open or read.
    std::string read(const char* path, std::size_t piece = 65536)
    {
        int error = 0;
        OpenFile* file = file_open(kernel, "/", path, 0, 0, error);
        if (!file)
            return "error " + std::to_string(error);
        std::string all, buffer(piece, '\0');
        ssize_t n = 0;
        while ((n = file_read(kernel, *file, buffer.data(), piece)) > 0)
            all.append(buffer, 0, static_cast<std::size_t>(n));
        file_put(kernel, *file);
        return n < 0 ? "error " + std::to_string(n) : all;
    }
    /// What a write answers, or the errno of the open.
    ssize_t write(const char* path, std::string_view text)
    {
        int error = 0;
        OpenFile* file = file_open(kernel, "/", path, 1, 0, error);
        if (!file)
            return error;
        const ssize_t n = file_write(kernel, *file, text.data(), text.size());
        file_put(kernel, *file);
        return n;
    }
    std::string list(const char* path)
    {
        int error = 0;
        Node* node = vfs_lookup(kernel, path, error);
        if (!node)
            return "error " + std::to_string(error);
        std::string all;
        vfs_list(kernel, *node, {[](void* out, std::string_view name) {
                                     static_cast<std::string*>(out)->append(name).append(" ");
                                 },
                                 &all});
        return all;
    }

    static constexpr unsigned lines = 48;
    Config config;
    sim::Arena arena;
    sim::EventStream events{arena};
    sim::NaturalChoice choice;
    std::unique_ptr<hw::Machine> machine = std::make_unique<hw::Machine>();
    PerCpu cpus[2]{};
    Task task;
    IrqCore irq;
    abi::irq_desc* descs[lines]{};
    Sched sched;
    Kernel kernel{config, *machine, arena, events, choice};
};

} // namespace irqlab::kernel::test
