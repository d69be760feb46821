// States as bytes: what comes back is what was saved, and bytes of any other origin are refused.
#include <gtest/gtest.h>
#include <random>
#include <vector>

#include "hw/board/pci.hpp"
#include "hw/board/quirks.hpp"
#include "hw/board/remapping.hpp"
#include "hw/state/save.hpp"
#include "tests/hw/board/bench_machine.hpp"

namespace irqlab::hw::test {
namespace {

std::vector<u8> saved(const Machine& m)
{
    std::vector<u8> bytes(saved_bytes(m));
    EXPECT_EQ(save(m, bytes), bytes.size());
    return bytes;
}

/// Some life: everything that moves has moved.
void use(Bench& b, u64 seed)
{
    std::mt19937_64 random(seed);
    for (unsigned pin = 0; b.m.has_ioapic2 && pin < ioapic_pins; ++pin) {
        mmio_write(b.m, 0, ioapic2_address, 0x10 + 2 * pin, b.signals);
        mmio_write(b.m, 0, ioapic2_address + 0x10, (pin % 2) << 15 | (0x30 + pin), b.signals);
    }
    for (int i = 0; i < 400; ++i) {
        const u64 r = random();
        const unsigned line = static_cast<unsigned>(r % lines_of(b.m));
        b.signals.clear();
        switch (r >> 8 & 7) {
        case 0: b.line(line == 2 ? 3 : line, (r >> 16 & 1) != 0); break;
        case 1: b.entry(line % ioapic_pins, (r >> 16 & 0x1afff) | 0x20); break;
        case 2: b.take(static_cast<unsigned>(r >> 16 & 3)); break;
        case 3: b.eoi(static_cast<unsigned>(r >> 16 & 3)); break;
        case 4: kbd_key(b.m, static_cast<u8>(r >> 16), b.signals); break;
        case 5:
            port_write(b.m, 0, static_cast<u16>(0x20 + (r >> 16 & 0x3ff)), 1, static_cast<u8>(r >> 32),
                       b.signals);
            break;
        case 6: advance(b.m, b.m.now_ns + (r >> 40), b.signals); break;
        default:
            mmio_write(b.m, 0, lapic_address + (r >> 16 & 0x3f0), static_cast<u32>(r >> 32), b.signals);
            break;
        }
    }
}

class EachBoard : public testing::TestWithParam<BoardId> {};

TEST_P(EachBoard, ComesBackAsItWas)
{
    for (u64 seed = 0; seed < 8; ++seed) {
        Bench b(GetParam(), 4);
        if (seed % 2 == 1)
            attach_edu(b.m, edu_slot(GetParam(), 0));
        if (seed % 4 >= 2)
            fit_ioapic2(b.m);
        use(b, seed);
        const std::vector<u8> bytes = saved(b.m);
        const auto other = std::make_unique<Machine>();
        power_on(*other, BoardId::pc, 1, 0);
        const RestoreError error = restore(*other, bytes);
        ASSERT_EQ(error, RestoreError::none) << text(error) << ", seed " << seed;
        const StateDifference d = first_difference(b.m, *other);
        EXPECT_FALSE(d.found) << d.path << ": " << d.a << " and " << d.b;
        EXPECT_TRUE(same_state(b.m, *other));
        EXPECT_EQ(hash_state(b.m), hash_state(*other));
        EXPECT_EQ(saved(*other), bytes) << "saved again, the same bytes";
    }
}

TEST_P(EachBoard, GoesOnAsItWould)
{
    Bench b(GetParam(), 4), again(GetParam(), 4);
    use(b, 1);
    ASSERT_EQ(restore(again.m, saved(b.m)), RestoreError::none);
    use(b, 2);
    use(again, 2);
    const StateDifference d = first_difference(b.m, again.m);
    EXPECT_FALSE(d.found) << d.path << ": " << d.a << " and " << d.b;
}

INSTANTIATE_TEST_SUITE_P(Boards, EachBoard, testing::Values(BoardId::pc, BoardId::q35, BoardId::laptop),
                         [](const auto& board) { return std::string(name(board.param)); });

TEST(Restore, RefusesWhatIsNoState)
{
    Bench b;
    const std::vector<u8> good = saved(b.m);
    const auto spoilt = [&](auto spoil) {
        std::vector<u8> bytes = good;
        spoil(bytes);
        return restore(b.m, bytes);
    };
    EXPECT_EQ(restore(b.m, {}), RestoreError::too_short);
    EXPECT_EQ(spoilt([](auto& v) { v.resize(20); }), RestoreError::too_short);
    EXPECT_EQ(spoilt([](auto& v) { v.pop_back(); }), RestoreError::too_short);
    EXPECT_EQ(spoilt([](auto& v) { v.push_back(0); }), RestoreError::wrong_size);
    EXPECT_EQ(spoilt([](auto& v) { v[0] = 'x'; }), RestoreError::not_a_state);
    EXPECT_EQ(spoilt([](auto& v) { v[8] = 99; }), RestoreError::other_version);
    EXPECT_EQ(spoilt([](auto& v) { v[16] ^= 1; }), RestoreError::other_layout);
    EXPECT_EQ(spoilt([](auto& v) { v[100] ^= 1; }), RestoreError::corrupt);
    for (unsigned e = 0; e <= static_cast<unsigned>(RestoreError::impossible); ++e)
        EXPECT_STRNE(text(static_cast<RestoreError>(e)), "?");
}

struct Contradiction {
    const char* why;
    void (*make)(Machine& m);
};

constexpr u16 held_by(Source source) { return bit<u16>(static_cast<unsigned>(source)); }

const Contradiction contradictions[] = {
    {"[82093AA] \"IOREDTBL\": a message that nobody has taken is not in service",
     [](Machine& m) { m.ioapic.entry[20] |= rte::Level::mask | rte::Pending::mask | rte::RemoteIrr::mask; }},
    {"[82093AA] \"IOREDTBL\": a masked entry sends nothing",
     [](Machine& m) { m.ioapic.entry[20] |= rte::Level::mask | rte::Pending::mask | rte::Masked::mask; }},
    {"[82093AA] \"IOREDTBL\": an inactive input sends nothing",
     [](Machine& m) { m.ioapic.entry[20] = rte::Level::mask | rte::Pending::mask; }},
    {"a line that is held already, by the PIRQ router as well",
     [](Machine& m) { m.line_sources[6] |= held_by(Source::pci); }},
    {"the same, by the HPET", [](Machine& m) { m.line_sources[6] |= held_by(Source::hpet); }},
    {"the same, by nobody that there is", [](Machine& m) { m.line_sources[6] |= 0x8000; }},
    {"the HPET holds a line that is low", [](Machine& m) { m.hpet_lines |= 0x10; }},
    {"the HPET holds a line that is not there", [](Machine& m) { m.hpet_lines |= 0x1000000; }},
};

TEST(Restore, RefusesWhatContradictsItself)
{
    for (const Contradiction& row : contradictions) {
        Bench b;
        b.line(6, true);
        b.entry(20, 0x41 | flag_level);
        ASSERT_EQ(restore(b.m, saved(b.m)), RestoreError::none);
        row.make(b.m);
        EXPECT_EQ(restore(b.m, saved(b.m)), RestoreError::impossible) << row.why;
    }
}

/// KVM's slave pulses the master's IR2, which is low although the slave requests.
TEST(Restore, TakesACascadeThatIsPulsed)
{
    Bench b;
    set_profile(b.m, Profile::kvm);
    b.pic_mask(0);
    b.line(10, true);
    ASSERT_TRUE(intr(b.m.pic.slave));
    ASSERT_EQ(b.m.pic.master.lines & 4, 0);
    EXPECT_EQ(restore(b.m, saved(b.m)), RestoreError::none);
}

TEST(Restore, LeavesTheMachineWhenItRefuses)
{
    Bench b, before;
    use(b, 3);
    copy_state(before.m, b.m);
    std::vector<u8> bytes = saved(b.m);
    bytes[bytes.size() / 2] ^= 0x10;
    EXPECT_NE(restore(b.m, bytes), RestoreError::none);
    EXPECT_TRUE(same_state(b.m, before.m));
}

TEST(Hash, TellsStatesApart)
{
    Bench a, b;
    EXPECT_EQ(hash_state(a.m), hash_state(b.m));
    b.m.idt_page[4095] = 1;
    EXPECT_NE(hash_state(a.m), hash_state(b.m)) << "the last byte of the board";
    b.m.idt_page[4095] = 0;
    b.m.core[3].tss[tss_bytes - 1] = 1;
    EXPECT_NE(hash_state(a.m), hash_state(b.m)) << "the last byte of the last CPU";
    b.m.core[3].tss[tss_bytes - 1] = 0;
    b.m.deadline_ns = 77;
    EXPECT_EQ(hash_state(a.m), hash_state(b.m)) << "a bound is no part of the state";
}

TEST(Difference, NamesTheField)
{
    Bench a, b;
    b.m.core[1].lapic.irr.word[2] = 5;
    const StateDifference d = first_difference(a.m, b.m);
    EXPECT_TRUE(d.found);
    EXPECT_STREQ(d.path, "core[1].lapic.irr.word[2]");
    EXPECT_EQ(d.a, 0u);
    EXPECT_EQ(d.b, 5u);
}

} // namespace
} // namespace irqlab::hw::test
