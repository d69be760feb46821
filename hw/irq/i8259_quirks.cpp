// 8259A: where the models of QEMU and KVM do otherwise, and what they do there. See i8259_inside.hpp.
#include <array>

#include "hw/base/check.hpp"
#include "hw/irq/i8259_inside.hpp"

namespace irqlab::hw {

using namespace i8259_quirk;

std::span<const Quirk> i8259_quirks()
{
    static constexpr std::array rows{
        Quirk{StoredIrr::mask, true, true, "pic.irr-is-stored", "[8259A] \"Edge and Level Triggered Modes\"",
              "the IRR bit of an edge outlives its line; a level sets and clears it only when the line "
              "changes"},
        Quirk{LivePoll::mask, true, true, "pic.poll-does-not-freeze", "[8259A] \"Poll Command\"",
              "what comes between the poll command and its read is polled"},
        Quirk{EoiOfMasked::mask, true, true, "pic.eoi-of-masked-level", "[8259A] \"End of Interrupt\"",
              "a non-specific EOI clears an ISR bit that special mask mode hides"},
        Quirk{NestedForgets::mask, true, true, "pic.nested-mode-forgets-ir2",
              "[8259A] \"Special Fully Nested Mode\"",
              "IR2 in service blocks no lower level; slaves on other levels are not looked for"},
        Quirk{NoLtim::mask, true, true, "pic.no-ltim", "[8259A] \"Initialization Command Word 1\"",
              "the LTIM bit is ignored"},
        Quirk{EarlyService::mask, true, true, "pic.serves-while-initialised",
              "[8259A] \"Initialization Sequence\"",
              "requests are served between ICW1 and the last ICW, with IMR clear"},
        Quirk{StoredInt::mask, true, true, "pic.int-is-stored", "[8259A] \"Special Mask Mode\"",
              "INT does not follow what OCW3, ICW4 or ELCR change until the next request, mask or EOI"},
        Quirk{RepeatedCascade::mask, true, false, "pic.cascade-repeats", "[8259A] \"Cascade Mode\"",
              "a slave whose INT stays high gives the master a new edge after the master's ICW1"},
        Quirk{FixedCascade::mask, true, true, "pic.cascade-is-fixed",
              "[8259A] \"Initialization Command Word 3\"",
              "the slave is on IR2 whatever ICW3 says; a default IR7 is never cascaded; 8086 mode only"},
        Quirk{PulsedCascade::mask, false, true, "pic.cascade-is-pulsed", "[8259A] \"Cascade Mode\"",
              "a slave's request is pulsed into the master's IRR whenever anything changes, and stays there"},
        Quirk{NoSpecialMask::mask, false, true, "pic.no-special-mask", "[8259A] \"Special Mask Mode\"",
              "special mask mode is not there"},
        Quirk{
            Icw1Keeps::mask, false, true, "pic.icw1-keeps", "[8259A] \"Initialization Command Words\"",
            "rotation in automatic EOI, a poll under way, with IC4 ICW4, and ISR but for the levels that an "
            "edge requests outlive ICW1"},
        Quirk{BarePoll::mask, false, true, "pic.bare-poll", "[8259A] \"Poll Command\"",
              "a poll word is 07h without a request, and else clears request and ISR bit"},
        Quirk{NoSingle::mask, false, true, "pic.no-single-mode", "[8259A] \"Initialization Command Word 1\"",
              "ICW3 is awaited though SNGL says that there is none"},
    };
    return rows;
}

bool quirked_intr(const I8259& chip)
{
    if (StoredInt::test(chip.quirks))
        return chip.int_out;
    if (chip.inta != 0)
        return !chip.by_default;
    return i8259_inside::serves(chip) && eligible(chip) != 0;
}

u8 nested_eligible(const I8259& chip, u8 requests, unsigned top)
{
    const u8 wanted = by_priority(chip, requests);
    if (NestedForgets::test(chip.quirks)) {
        constexpr u8 ir2 = 4;
        const unsigned blocked = by_priority(chip, static_cast<u8>(blocking(chip) & ~(chip.sp ? ir2 : 0)));
        return static_cast<u8>(wanted & ((blocked & (~blocked + 1u)) - 1u));
    }
    // A slave is not locked out by its own request.
    const bool slaves = chip.sp && !icw1::Sngl::test(chip.icw1);
    const unsigned again = slaves ? by_priority(chip, chip.icw3) & top : 0u;
    return static_cast<u8>(wanted & ((top - 1u) | again));
}

bool valid(const I8259& chip)
{
    I8259 levels = chip;
    i8259_inside::set_level_lines(levels);
    const bool quiet = chip.quirks != 0 || (chip.noted == 0 && !chip.int_out && !chip.updated);
    const bool latched = StoredIrr::test(chip.quirks) || (chip.edge & ~chip.lines) == 0;
    return chip.lowest < 8 && chip.level < 8 && chip.inta <= 2 && chip.expect <= I8259::Expect::ready &&
           chip.by_level == levels.by_level && (!chip.freeze || chip.poll) &&
           (chip.freeze || chip.frozen == 0) && quiet && latched && chip.unused[0] == 0 &&
           chip.unused[1] == 0 && chip.unused[2] == 0;
}

namespace i8259_inside {

void work_out_int(I8259& chip)
{
    chip.int_out = serves(chip) && eligible(chip) != 0;
    chip.updated = true;
}

namespace {

/// The lines whose level a stored IRR follows.
u8 stored_levels(const I8259& chip)
{
    return icw1::Ltim::test(chip.icw1) && !NoLtim::test(chip.quirks) ? u8{0xFF} : chip.elcr;
}

u8 with(u8 bits, u8 which, bool on) { return static_cast<u8>(on ? bits | which : bits & ~which); }

} // namespace

void quirked_drive(I8259& chip, unsigned ir, bool high)
{
    const u8 line = bit<u8>(ir);
    const bool rises = high && ((StoredIrr::test(chip.quirks) ? chip.noted : chip.lines) & line) == 0;
    chip.lines = with(chip.lines, line, high);
    chip.noted = with(chip.noted, line, high);
    if (StoredIrr::test(chip.quirks) && (stored_levels(chip) & line) != 0)
        chip.edge = with(chip.edge, line, high);
    else if (rises)
        chip.edge |= line;
    else if (!high && !StoredIrr::test(chip.quirks))
        chip.edge = with(chip.edge, line, false);
    update(chip);
}

void quirked_icw1(I8259& chip, const I8259& old)
{
    if (StoredIrr::test(chip.quirks))
        chip.edge = old.edge & chip.elcr;
    if (Icw1Keeps::test(chip.quirks)) {
        // KVM ends these levels as long as some CPU would take the pair's INT, for assigned devices' sake.
        chip.isr = static_cast<u8>(old.isr & ~(old.edge & ~chip.elcr));
        chip.rotate_in_aeoi = old.rotate_in_aeoi;
        chip.poll = old.poll;
        chip.icw4 = icw1::Ic4::test(chip.icw1) ? old.icw4 : u8{0};
    }
    chip.int_out = old.int_out;
    if (!Icw1Keeps::test(chip.quirks))
        update(chip);
}

u8 bare_poll(PicPair& pair, bool slave)
{
    constexpr u8 none = 7, requested = 0x80, cascade = 4;
    I8259& chip = slave ? pair.slave : pair.master;
    const u8 candidates = serves(chip) ? eligible(chip) : u8{0};
    chip.poll = chip.freeze = false;
    chip.frozen = 0;
    u8 word = none;
    if (candidates != 0) {
        const u8 level = level_of(chip, candidates);
        const u8 taken = bit<u8>(level);
        if (slave) {
            pair.master.isr &= static_cast<u8>(~cascade);
            pair.master.edge &= static_cast<u8>(~cascade);
        }
        chip.edge &= static_cast<u8>(~taken);
        chip.isr &= static_cast<u8>(~taken);
        word = requested | level;
    }
    if (slave || word != (requested | 2))
        update(chip);
    return word;
}

void quirked_cascade(PicPair& pair)
{
    constexpr unsigned ir2 = 2;
    const bool any = pair.master.updated || pair.slave.updated;
    const bool high = intr(pair.slave);
    if (PulsedCascade::test(pair.master.quirks)) {
        if (any && serves(pair.slave) && eligible(pair.slave) != 0) {
            quirked_drive(pair.master, ir2, true);
            quirked_drive(pair.master, ir2, false);
        }
        if (any)
            work_out_int(pair.master);
    } else if (RepeatedCascade::test(pair.master.quirks)
                   ? pair.slave.updated
                   : high != ((pair.master.lines & bit<u8>(ir2)) != 0)) {
        quirked_drive(pair.master, ir2, high);
    }
    pair.master.updated = pair.slave.updated = false;
}

} // namespace i8259_inside

void follow_quirks(PicPair& pair)
{
    pair.slave.quirks = pair.master.quirks;
    for (I8259* chip : {&pair.master, &pair.slave}) {
        const u8 requests = irr(*chip);
        i8259_inside::set_level_lines(*chip);
        const bool stored = StoredIrr::test(chip->quirks);
        chip->edge = stored ? requests : static_cast<u8>(chip->edge & chip->lines);
        chip->noted = chip->quirks != 0 ? chip->lines : u8{0};
        chip->int_out = chip->quirks != 0 && i8259_inside::serves(*chip) && eligible(*chip) != 0;
        chip->updated = false;
    }
    pair.int_level = intr(pair.master);
}

bool valid(const PicPair& pair)
{
    const bool cascade = (pair.master.lines & 4) != 0;
    const bool agreed = pair.master.quirks != 0 || cascade == intr(pair.slave);
    return pair.master.sp && !pair.slave.sp && agreed && pair.master.quirks == pair.slave.quirks &&
           pair.master.inta == 0 && pair.slave.inta == 0 && pair.int_level == intr(pair.master);
}

} // namespace irqlab::hw
