import Testing
@Test func stubInterop() {}
