# Installs irqlab::hw into an empty tree, builds examples/hw-library against it, and runs it.
# cmake -DBUILD=<build tree> -DSOURCE=<source tree> -P installed_tree.cmake
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    string(JOIN " " words ${ARGN})
    message(FATAL_ERROR "${words}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

set(tree ${BUILD}/installed)
set(example ${BUILD}/example-hw-library)
file(REMOVE_RECURSE ${tree} ${example})
run(${CMAKE_COMMAND} --build ${BUILD} --target irqlab_hw_alone)
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${tree} --component library)

# Nothing of the lab and nothing of the operating system is in it: all that it lacks is in this list.
file(GLOB_RECURSE archive ${tree}/*.a)
run(nm -u --no-demangle ${archive})
string(REGEX MATCHALL "U [^\n]+" wanted "${output}")
list(TRANSFORM wanted REPLACE "^U " "")
list(FILTER wanted EXCLUDE REGEX
  "^(_ZN6irqlab|_ZNK6irqlab|_GLOBAL_OFFSET_TABLE_|(mem(cpy|set|move|cmp)|strlen)$|abort$|f?printf$|fwrite$|stderr$|__popcountdi2$)")
if(wanted)
  message(FATAL_ERROR "irqlab::hw depends on: ${wanted}")
endif()

run(${CMAKE_COMMAND} -S ${SOURCE}/examples/hw-library -B ${example} -G Ninja -DCMAKE_PREFIX_PATH=${tree})
run(${CMAKE_COMMAND} --build ${example})
run(${example}/hw-library)
if(NOT output STREQUAL "8259A: vector 33\nI/O APIC: vector 41 to APIC 0\n")
  message(FATAL_ERROR "the example printed:\n${output}")
endif()
