import Hospital
import Testing

struct SamplePopulationTests {
  @Test func theSameSeedGivesTheSamePeople() {
    for index in [0, 1, 599_999] {
      #expect(
        SamplePopulation(seed: 7).patient(index, id: "patient/a")
          == SamplePopulation(seed: 7).patient(index, id: "patient/a"))
    }
    let one = SamplePopulation(seed: 7).patient(3, id: "patient/a")
    #expect(SamplePopulation(seed: 8).patient(3, id: "patient/a") != one)
    #expect(SamplePopulation(seed: 7).patient(4, id: "patient/a") != one)
  }

  @Test func everyoneHasTheStrictTraits() {
    let population = SamplePopulation(seed: 1)
    var names: Set<String> = []
    var women = 0
    for index in 0..<5000 {
      let patient = population.patient(index, id: "patient/\(index)")
      #expect(patient.birthName?.isEmpty == false && patient.birthGivenName?.isEmpty == false)
      #expect(patient.birthGivenNames?.hasPrefix(patient.birthGivenName ?? "?") == true)
      #expect(patient.birthPlace?.count == 5)
      #expect(patient.addresses.first?.postcode?.count == 5)
      #expect(patient.phones.allSatisfy { $0.count == 10 && ($0.hasPrefix("063998") || $0.hasPrefix("019900")) })
      if let ins = patient.ins { #expect(ins.matricule.count == 15 && ins.oid == "1.2.250.1.213.1.4.10") }
      #expect((patient.statusSaid == .qualified) == (patient.ins != nil))
      if let date = patient.birthDate { #expect((1910...2024).contains(date.year) && date.month != nil) }
      names.insert(patient.birthName ?? "")
      if patient.sex == .female { women += 1 }
    }
    #expect(names.count > 3000)
    #expect((2500...2800).contains(women))
  }

  /// Written down once: if it changes, so do the people of every sample hospital.
  @Test func personZero() {
    let patient = SamplePopulation(seed: 1).patient(0, id: "patient/a")
    #expect(patient.birthName == "JOUINUX")
    #expect(patient.birthGivenNames == "Jean Henri")
    #expect(patient.birthDate == PartialDate(year: 1940, month: 10, day: 2))
  }
}
