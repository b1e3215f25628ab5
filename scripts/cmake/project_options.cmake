# One INTERFACE target carries what every module of ours is compiled with; third-party targets never see it.
set(SANITIZE "" CACHE STRING "Sanitizers for our code, for example address,undefined or thread")
option(WARNINGS_AS_ERRORS "Stop at the first compiler warning" OFF)
option(BUILD_TESTING "Build the tests" ON)

set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_library(project_options INTERFACE)
target_compile_features(project_options INTERFACE cxx_std_20)
target_compile_options(project_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
    -Woverloaded-virtual -Wold-style-cast -Wcast-qual -Wformat=2 -Wimplicit-fallthrough -Wextra-semi
    $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wduplicated-branches -Wlogical-op>
    $<$<BOOL:${WARNINGS_AS_ERRORS}>:-Werror>
)
# The non-template parts of Asio and Beast live in one translation unit, shared/http/boost_implementation.cpp.
target_compile_definitions(project_options INTERFACE
    BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED)
target_include_directories(project_options INTERFACE ${CMAKE_SOURCE_DIR})
if(SANITIZE)
    target_compile_options(project_options INTERFACE
        -fsanitize=${SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(project_options INTERFACE -fsanitize=${SANITIZE})
    if(SANITIZE MATCHES thread)
        # g++ warns about fences inside Asio that ThreadSanitizer does not model.
        target_compile_options(project_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
    endif()
endif()

# Faster where the machine has them, never required.
find_program(CCACHE ccache)
if(CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
    add_link_options(-fuse-ld=mold)
endif()
