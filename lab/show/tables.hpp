// `show wires`: how the board is wired, and what its firmware's tables say of it.
#pragma once
#include "hw/board/machine.hpp"
#include "lab/show/view.hpp"

namespace irqlab::lab {

View show_wires(const hw::Machine& machine);

} // namespace irqlab::lab
