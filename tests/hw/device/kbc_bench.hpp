// A keyboard controller on the bench: its ports as a polling driver uses them.
#pragma once
#include <vector>

#include "hw/device/i8042.hpp"

namespace irqlab::hw {

using Bytes = std::vector<u8>;

struct KbcBench {
    I8042 chip;
    Signals signals;
    u64 now = 0;

    void command(u8 value) { write(chip, 4, value, now, signals); }
    void data(u8 value) { write(chip, 0, value, now, signals); }
    void command(u8 value, u8 argument)
    {
        command(value);
        data(argument);
    }
    void to_mouse(u8 value) { command(0xD4, value); }
    u8 status() { return read(chip, 4, now, signals); }
    u8 take() { return read(chip, 0, now, signals); }
    /// All bytes that come.
    Bytes drain()
    {
        Bytes bytes;
        while ((status() & kbc::Obf::mask) != 0)
            bytes.push_back(take());
        return bytes;
    }
    /// What the keyboard, the mouse answers to these.
    Bytes say(const Bytes& bytes)
    {
        return answers(bytes, [&](u8 byte) { data(byte); });
    }
    Bytes say_to_mouse(const Bytes& bytes)
    {
        return answers(bytes, [&](u8 byte) { to_mouse(byte); });
    }
    /// Bytes of keys in set 1.
    void type(const Bytes& codes)
    {
        for (const u8 code : codes)
            key(chip, code);
    }
    bool irq1() const { return output(chip, 0); }
    bool irq12() const { return output(chip, 1); }

private:
    template <class Send> Bytes answers(const Bytes& bytes, Send send)
    {
        Bytes got;
        for (const u8 byte : bytes) {
            send(byte);
            const Bytes some = drain();
            got.insert(got.end(), some.begin(), some.end());
        }
        return got;
    }
};

} // namespace irqlab::hw
