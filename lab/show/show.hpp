// `show`: the machine's registers by their datasheet names, as text or JSON.
#pragma once
#include <string>
#include <vector>

#include "hw/board/machine.hpp"

namespace irqlab::kernel {
struct Kernel;
}

namespace irqlab::lab {

struct ShowResult {
    int status = 0;   // 0, or 2: asked wrongly
    std::string text; // what was asked for; or, in one line without its newline, what is wrong
};

/// @param words  what to show: `pic`, `ioapic`, `lapic [CPU]`, `idt`, `wires`, `cpu [N]`, `irq N`; and `--json`.
/// Reads by peek only: showing changes nothing.
ShowResult show(kernel::Kernel& k, const std::vector<std::string>& words);

} // namespace irqlab::lab
