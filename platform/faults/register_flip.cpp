// A bit that flips in a register.
#include "platform/faults/names.h"
#include "platform/registers/machine_registers.h"

namespace karhunen {

namespace {

class ActiveRegisterFlip : public ActiveFault {
public:
    ActiveRegisterFlip(const Fault& fault, const FaultScene& scene)
        : ActiveFault(fault),
          flip_(std::get<RegisterFlip>(fault.what)),
          register_(machine_register(scene.machine, find_register(scene, flip_.name))) {
        if (!register_ || !register_->is_stored())
            scene.source.fail(flip_.name.node.Mark(),
                              flip_.name.text + " stores nothing that could flip");
    }

private:
    void on_armed() override {
        const uint32_t before = register_->value;
        register_->flip(flip_.bit);
        fired(flip_.name.text + ": " + change_text(before, register_->value));
    }

    const RegisterFlip flip_;
    Register* const register_;
};

}  // namespace

std::unique_ptr<ActiveFault> make_register_flip(const Fault& fault, const FaultScene& scene) {
    return std::make_unique<ActiveRegisterFlip>(fault, scene);
}

}  // namespace karhunen
