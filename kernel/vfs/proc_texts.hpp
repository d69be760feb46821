// The kernel's own texts in /proc and /sys.
#pragma once
#include <cstdint>

#include "kernel/vfs/tables.hpp"

namespace irqlab::kernel {

void interrupts_proc(Kernel& k, void*, TextSink& out);
void softirqs_proc(Kernel& k, void*, TextSink& out);
void stat_proc(Kernel& k, void*, TextSink& out);
void devices_proc(Kernel& k, void*, TextSink& out);
void misc_proc(Kernel& k, void*, TextSink& out);

/// The irq number that a directory of /proc/irq or /sys/kernel/irq stands for, carried as its context.
inline unsigned irq_of(void* context) { return static_cast<unsigned>(reinterpret_cast<std::uintptr_t>(context)); }
inline void* irq_context(unsigned irq) { return reinterpret_cast<void*>(static_cast<std::uintptr_t>(irq)); }
/// An action's name, read as the kernel reads any string of a driver's: where that is gone, with an Oops.
void append_name(TextSink& out, const char* name);
/// @return false when `text` is not a decimal number.
bool parse_number(std::string_view text, unsigned& value);

} // namespace irqlab::kernel
