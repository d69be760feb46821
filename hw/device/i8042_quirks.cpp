// What QEMU's keyboard controller, keyboard and mouse do otherwise than [8042] and [PS2] say. [QEMU] pckbd,
// ps2.
#include "hw/device/i8042.hpp"

namespace irqlab::hw {
namespace {

namespace quirk = i8042_quirk;

constexpr Quirk row(u32 mask, const char* name, const char* clause, const char* theirs)
{
    return {mask, true, false, name, clause, theirs};
}

constexpr Quirk rows[] = {
    row(quirk::AnswerWaits::mask, "i8042.answer-waits", "[8042] Controller Commands, C0h and D0h",
        "A controller's answer waits until the output buffer is empty, and a later answer replaces it."),
    row(quirk::TakenAtRead::mask, "i8042.taken-at-read", "[8042] Input and Output Buffers",
        "A byte leaves its device when port 60h is read: what the device answers meanwhile is read instead."),
    row(quirk::TakesTurns::mask, "i8042.takes-turns", "[8042] Input and Output Buffers",
        "After a byte of the keyboard one of the mouse goes first, if it has any."),
    row(quirk::OffMasksIrq::mask, "i8042.off-masks-irq", "[8042] Controller Command Byte, bits 0 and 4",
        "While the keyboard interface is off, nothing raises IRQ 1; the line follows at the next change of "
        "the "
        "buffer."),
    row(quirk::StuckA2::mask, "i8042.stuck-a2", "[8042] Controller Status Register, bit 3",
        "Status bit 3 is always 1."),
    row(quirk::SysApart::mask, "i8042.sys-apart", "[8042] Controller Command Byte, bit 2",
        "The system flag of the status is set by the self-test only, that of the command byte by software "
        "only."),
    row(quirk::BufferFlags::mask, "i8042.buffer-flags", "[8042] Output Port, bits 4 and 5",
        "Output port bits 4 and 5 show a full buffer, whatever the interrupt enables say, or what D1h "
        "wrote."),
    row(quirk::DataOutlives::mask, "i8042.data-outlives-command", "[8042] Controller Commands",
        "A command that waits for data still gets it after another command came in between."),
    row(quirk::FewCommands::mask, "i8042.few-commands", "[8042] Controller Commands",
        "Of the internal memory there is the command byte only; A4h to A6h, C1h, C2h and E0h are ignored; "
        "DDh "
        "and DFh switch A20 off and on."),
    row(quirk::TranslatesEarly::mask, "i8042.translates-early", "[8042] Controller Command Byte, bit 6",
        "Codes are translated as the key is pressed, not as the controller receives them."),
    row(quirk::NoOverrun::mask, "i8042.no-overrun", "[PS2] Keyboard, Buffer",
        "A full keyboard buffer loses single bytes of codes, and no overrun code tells of it."),
    row(quirk::AnyArgument::mask, "i8042.any-argument", "[PS2] Keyboard, Commands; Mouse, Commands",
        "After a command with an argument every byte is that argument, be it a command or out of range."),
    row(quirk::KeyboardCommands::mask, "i8042.keyboard-commands", "[PS2] Keyboard, Commands",
        "The keyboard refuses FEh, F7h to F9h, FBh and FDh, accepts 00h, ignores the types of keys, and F4h "
        "keeps its buffer."),
    row(quirk::Set3Plain::mask, "i8042.set3-plain", "[PS2] Scan Code Set 3",
        "In set 3 every key sends its break code, and the keypad's division and minus are 4Ah and 4Eh."),
    row(quirk::MouseQueue::mask, "i8042.mouse-queue", "[PS2] Mouse, Data Transmission",
        "The mouse's answers queue up behind its reports, and are lost when there is no room."),
    row(quirk::MouseCommands::mask, "i8042.mouse-commands", "[PS2] Mouse, Commands",
        "The mouse says nothing to what it does not know, FEh and ECh outside of wrap mode among it, and "
        "wrap "
        "mode outlives FFh."),
    row(quirk::StatusNoButtons::mask, "i8042.status-without-buttons", "[PS2] Mouse, E9h",
        "The mouse's status does not show its buttons."),
    row(quirk::NoScaling::mask, "i8042.no-scaling", "[PS2] Mouse, Scaling", "2:1 scaling changes nothing."),
    row(quirk::SmallMotion::mask, "i8042.small-motion", "[PS2] Mouse, Data Report",
        "A report carries 127 counts at most, not nine bits."),
    row(quirk::EveryEvent::mask, "i8042.every-event", "[PS2] Mouse, Stream Mode",
        "Each event is reported though nothing changed, also in wrap mode; what finds no room waits for the "
        "next event."),
    row(quirk::DeafWhenOff::mask, "i8042.deaf-when-off", "[PS2] Mouse, Remote Mode",
        "Before F4h buttons and motion are lost, also in remote mode."),
    row(quirk::KeepsMotion::mask, "i8042.keeps-motion", "[PS2] Mouse, Commands",
        "Motion that is not yet reported outlives changes of mode and FFh."),
};

} // namespace

std::span<const Quirk> i8042_quirks() { return rows; }

} // namespace irqlab::hw
