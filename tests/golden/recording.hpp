// The recordings of a real Linux 6.1 in tests/golden/recorded, and a session of ours cut into the same
// pieces.
#pragma once
#include <map>
#include <string>

#include "tests/support/session.hpp"

namespace irqlab::test {

/// One boot of the guest: the files GROUP/NAME_STEP.txt.
struct Recording {
    const char* name; // pc_smp2_noapic
    unsigned cpus;
    const char* cmdline;
    unsigned cat_cpu[2]; // where the scheduler put the first and the second `cat`
};

/// Which CPUs: from the CPU in `C.59 No irq handler` and from the count of IRQ 11; where neither shows it,
/// CPU 0.
inline constexpr Recording recordings[] = {
    {"pc_smp1", 1, "", {0, 0}},
    {"pc_smp2", 2, "", {1, 0}},
    {"pc_smp4", 4, "", {2, 0}},
    {"pc_smp1_noapic", 1, "noapic", {0, 0}},
    {"pc_smp2_noapic", 2, "noapic", {0, 0}},
    {"pc_smp1_nolapic", 1, "nolapic", {0, 0}},
    {"pc_smp2_nolapic", 2, "nolapic", {0, 0}},
};

/// What the recording holds for a step.
std::string recorded(const std::string& group, const std::string& name, const std::string& step);

/// Shell functions as the guest had them: `S STEP COMMAND...`, `dump STEP` and `irqfiles IRQ`.
std::string guest_functions();

/// The session's text, cut at the marks that those functions print: STEP -> text.
std::map<std::string, std::string> steps_of(const Session& session);

/// A World as that guest was: board pc, Linux 6.1.
lab::WorldConfig guest_like(const Recording& recording);

} // namespace irqlab::test
