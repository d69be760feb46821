// What modules may call: the export table, gathered from the subsystems, as Linux's EXPORT_SYMBOL makes it.
//
// Each subsystem has a table of its own in its folder:
//     const Export irq_exports[] = { EXPORT(request_threaded_irq), EXPORT_GPL(irq_set_affinity_hint), ... };
//     const std::size_t irq_exports_count = std::size(irq_exports);
// A name that is not in any table is "Unknown symbol" to a module, whatever the host's libraries hold.
#pragma once
#include <cstddef>
#include <string_view>

#include "kernel/config.hpp"

namespace irqlab::kernel {

struct Kernel;

struct Export {
    const char* name;
    const void* address; // null when `per_world` gives it
    bool gpl = false;    // EXPORT_SYMBOL_GPL
    Release since = Release::v5_4;
    Release until = Release::v6_12; // the last release that has it
    void* (*per_world)(Kernel&) = nullptr; // data that each World has of its own (jiffies, nr_cpu_ids)
    bool on_request = false;               // not exported by Linux: only under --export NAME
};

/// What `name` is in that release, symbols that need --export included. Null: there is none.
const Export* find_export(std::string_view name, Release release);
/// As above, in any release: what --export may bring back (kallsyms_lookup_name).
const Export* find_export_any(std::string_view name);
/// Would a module find `name` in some release? For the builder, before a module is loaded.
bool exported_to_modules(const char* name);
/// Calls visit(context, e) for each symbol of the release, by name.
void each_export(Release release, void (*visit)(void* context, const Export& e), void* context);

} // namespace irqlab::kernel

/// For tables inside namespace irqlab::kernel: a function or object of irqlab::abi under its own name.
#define EXPORT(symbol) \
    ::irqlab::kernel::Export { #symbol, reinterpret_cast<const void*>(&::irqlab::abi::symbol) }
#define EXPORT_GPL(symbol) \
    ::irqlab::kernel::Export { #symbol, reinterpret_cast<const void*>(&::irqlab::abi::symbol), true }
