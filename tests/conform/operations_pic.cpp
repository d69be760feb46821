// Operations on the pair of 8259A.
#include "tests/conform/operations.hpp"

namespace irqlab::conform {

namespace {

u64 intr(hw::Machine& m, const Step&, hw::Signals&) { return hw::intr(m.pic); }
u64 inta(hw::Machine& m, const Step&, hw::Signals& signals) { return hw::acknowledge(m.pic, signals); }

u64 first_inta(hw::Machine& m, const Step&, hw::Signals&)
{
    hw::first_inta(m.pic);
    return 0;
}

u64 second_inta(hw::Machine& m, const Step&, hw::Signals& signals) { return hw::second_inta(m.pic, signals); }

constexpr Operation table[] = {
    {"intr", {}, true, intr},
    {"inta", {}, true, inta},
    {"first_inta", {}, false, first_inta},
    {"second_inta", {}, true, second_inta},
};

} // namespace

std::span<const Operation> pic_operations() { return table; }

} // namespace irqlab::conform
