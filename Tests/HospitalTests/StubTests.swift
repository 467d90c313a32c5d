import Testing

@Test func stubHospital() {}
