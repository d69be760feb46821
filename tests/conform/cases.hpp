// Cases: sequences of steps with what they must answer, each with the clauses that it proves.
// conformance/README.md describes the file format.
#pragma once
#include <string>
#include <vector>

#include "tests/conform/step.hpp"

namespace irqlab::conform {

struct Case {
    std::string name;
    std::vector<std::string> clauses; ///< Their ids in conformance/clauses.json.
    std::string source;               ///< "[8259A] Edge and Level Triggered Modes"
    hw::BoardId board = hw::BoardId::pc;
    unsigned cpus = 1;
    std::vector<Step> steps;
};

struct CaseFile {
    std::string path;
    std::string title;
    std::vector<Case> cases;
};

/// Reads a file. False, and `error` says what, where and what to do.
bool load_cases(const std::string& path, CaseFile& file, std::string& error);

/// The text of a file with these cases, as load_cases() reads it.
std::string to_json(const CaseFile& file);

/// Runs a case on a machine fresh from power-on. Empty: it passed. Otherwise the step, what was expected,
/// what came.
std::string run_case(const Case& c);

/// A clause of a source.
struct Clause {
    std::string id, source, rule;
};
bool load_clauses(const std::string& path, std::vector<Clause>& clauses, std::string& error);

} // namespace irqlab::conform
