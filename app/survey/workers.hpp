// Work that may crash or never end, each piece in a process of its own.
#pragma once
#include <functional>
#include <string>

namespace irqlab::app::survey {

/// Runs work(0) ... work(count - 1) in child processes, at most `jobs` at a time, and hands what each
/// returned to done(index, text, death), in the order in which they end. `death` says how a child died
/// without a result, and is empty when it did not: "it took longer than 60 s", "killed by SIGSEGV".
/// @param seconds  of real time for each.
void run_workers(std::size_t count, unsigned jobs, unsigned seconds,
                 const std::function<std::string(std::size_t)>& work,
                 const std::function<void(std::size_t, const std::string&, const std::string&)>& done);

} // namespace irqlab::app::survey
