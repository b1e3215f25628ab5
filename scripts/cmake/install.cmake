# cmake --install: programs in bin, the media module and the node's own ffmpeg front end beside each other in libexec.
include(GNUInstallDirs)
foreach(program bluebatch bluebatch-emulator)
    if(TARGET ${program})
        install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
    endif()
endforeach()
