// One list of fields for each chip: what is saved, restored and compared by name. Each list is complete by proof.
//
// Only hw/state/ includes this. A chip's list stands in the order of its declaration.
#pragma once
#include "hw/base/fields.hpp"
#include "hw/board/machine.hpp"

namespace irqlab::hw {

} // namespace irqlab::hw
