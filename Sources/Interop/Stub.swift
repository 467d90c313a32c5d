enum InteropStub {}
