// Steps as qtest commands. See the header.
#include "tests/conform/qemu_witness.hpp"

#include <fmt/format.h>

namespace irqlab::conform {

namespace {

constexpr u64 second_ns = 1'000'000'000;

char width_letter(unsigned width, bool port)
{
    switch (width) {
    case 2: return 'w';
    case 4: return 'l';
    case 8: return 'q';
    case 0: return port ? 'b' : 'l';
    default: return 'b';
    }
}

} // namespace

bool ports_and_memory(Qtest& qtest, const Step& s, Reply& reply)
{
    const std::string_view name = s.name();
    const u64 at = s.argument[0], value = s.argument[1];
    if (name == "out")
        qtest.queue(fmt::format("out{} {:#x} {:#x}", width_letter(s.width, true), at, value));
    else if (name == "in")
        qtest.queue(fmt::format("in{} {:#x}", width_letter(s.width, true), at));
    else if (name == "write")
        qtest.queue(fmt::format("write{} {:#x} {:#x}", width_letter(s.width, false), at, value));
    else if (name == "read")
        qtest.queue(fmt::format("read{} {:#x}", width_letter(s.width, false), at));
    else
        return false;
    reply = s.operation->answers ? Reply::value : Reply::nothing;
    return true;
}

QemuWitness::QemuWitness(const std::vector<std::string>& arguments, Translate translate, Qtest::Clock clock)
    : qtest_(arguments, clock), translate_(std::move(translate)), clock_(clock)
{
}

/// In pieces of a second at most: a timer of QEMU that is late catches up from then, not from when it was
/// due.
bool QemuWitness::pass_time(const Step& s)
{
    if (clock_ != Qtest::Clock::ours || s.name() != "advance")
        return false;
    u64 left = s.argument[0];
    for (; left > second_ns; left -= second_ns)
        qtest_.advance_clock(second_ns);
    qtest_.advance_clock(left);
    return true;
}

namespace {

u64 digest(std::span<const Qtest::Answer> answers)
{
    u64 sum = 0;
    for (std::size_t i = 0; i < answers.size(); ++i)
        sum += (answers.size() - 1 - i) * answers[i].value;
    return sum;
}

} // namespace

std::vector<u64> QemuWitness::perform(std::span<const Step> steps)
{
    std::vector<Reply> replies;
    std::vector<std::size_t> last; // of each step, the number of commands queued with it
    if (clock_ == Qtest::Clock::ours)
        qtest_.advance_clock(second_ns - qtest_.clock_ns() % second_ns);
    for (const std::string& command : begin_)
        qtest_.queue(command);
    std::size_t commands = qtest_.queued();
    const auto counted = [&](const Step& s) {
        const std::size_t before = qtest_.queued();
        Reply reply = Reply::nothing;
        if (!translate_ ||
            (reply = translate_(qtest_, s), reply == Reply::nothing && qtest_.queued() == before))
            if (!pass_time(s) && !ports_and_memory(qtest_, s, reply))
                throw WitnessError{fmt::format("QEMU cannot be told: {}", text(s))};
        commands += qtest_.queued() - before;
        replies.push_back(reply);
        last.push_back(commands);
    };
    for (const Step& s : steps)
        counted(s);
    const std::vector<Qtest::Answer> answers = qtest_.flush();
    std::vector<u64> values;
    Qtest::Answer now{0, 0};
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (last[i] != 0)
            now = answers[last[i] - 1];
        if (replies[i] == Reply::digest) {
            const std::size_t first = i == 0 ? 0 : last[i - 1];
            values.push_back(digest(std::span(answers).subspan(first, last[i] - first)));
            continue;
        }
        values.push_back(replies[i] == Reply::value    ? now.value
                         : replies[i] == Reply::levels ? now.levels
                         : replies[i] == Reply::line   ? now.levels >> (steps[i].argument[0] & 7) & 1
                                                       : 0);
    }
    return values;
}

} // namespace irqlab::conform
