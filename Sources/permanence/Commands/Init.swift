import ArgumentParser
import Foundation
import Hospital
import Ledger
import Register
import Web

struct Init: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a station: its keys, its ledger, the hospital's structure and the first account.")
  static let sampleBatch = 512

  @OptionGroup var data: DataOptions
  @Option(help: "A name for people: a-z, 0-9 and -, at most 17.") var station = "poste-1"
  @Option(help: "The structure: sites, units, rooms, beds, number formats (YAML). A fictive hospital, if absent.")
  var hospital: String?
  @Option(help: "Add that many made-up patients, marked fictive.") var sample: Int?
  @Option(help: "Add that many ended stays of earlier years to the sample's patients.") var earlierStays = 0
  @Option(help: "The sample's seed: the same gives the same patients.") var seed: UInt64 = 1

  func validate() throws {
    if let sample, !(0...2_000_000).contains(sample) { throw ValidationError("--sample takes 0 to 2,000,000.") }
    guard (0...5_000_000).contains(earlierStays) else {
      throw ValidationError("--earlier-stays takes 0 to 5,000,000.")
    }
    guard earlierStays == 0 || sample ?? 0 > 0 else {
      throw ValidationError("--earlier-stays are those of a sample's patients: give --sample too.")
    }
  }

  func run() async throws {
    do { try await answer().print(asJSON: data.json) } catch { throw Sentence(error) }
  }

  private struct InitAnswer: Encodable {
    struct AccountAnswer: Encodable {
      var name: String
      var secret: String
    }
    var station: String
    var key: String
    var account: AccountAnswer
    var patients: Int
    var stays: Int
    var beds: Int
    /// What is not safe yet.
    var warnings: [String]
  }

  /// Anybody who takes this disk could make stations of the hospital's, and shut others out.
  private static let unlockedKey =
    "The key that enrols and revokes stations lies here without a passphrase: permanence key lock --passphrase-file FILE."

  private func answer() async throws -> Answer {
    let structure = try structure()
    try Register.create(folder: data.folder, station: station, structure: structure, environment: .live)
    let register = try Register(folder: data.folder, access: .writing, environment: .live)
    let account = try await Accounts.createFirst(register, environment: .live)
    if let sample { try await fill(register, structure, patients: sample) }
    let (counts, beds) = try register.read { reading in
      let board = try reading.board(at: Environment.live.now())
      return (try reading.counts(), board.units.reduce(0) { $0 + $1.places.count })
    }
    let answer = InitAnswer(
      station: register.station, key: register.publicKey.text,
      account: .init(name: account.name, secret: account.secret), patients: counts.patients, stays: counts.stays,
      beds: beds, warnings: [Self.unlockedKey])
    return try Answer(
      answer,
      text: """
        Station \(answer.station): \(answer.patients) patients, \(answer.stays) stays, \(answer.beds) beds.
        Sign in as \(account.name) with \(account.secret) (shown this once; change it at the first sign-in).
        \(Self.unlockedKey)
        Then: permanence serve --data \(data.folder)
        """)
  }

  private func structure() throws -> Structure {
    guard let hospital else { return try ExampleHospital.structure() }
    let yaml: String
    do { yaml = try String(contentsOfFile: hospital, encoding: .utf8) } catch {
      throw Sentence("\(hospital) cannot be read: check the path and that it is UTF-8.")
    }
    do { return try Structure(yaml: yaml) } catch {
      throw Sentence("\(hospital) is not a structure yet:\n\(error)")
    }
  }

  private func fill(_ register: Register, _ structure: Structure, patients: Int) async throws {
    guard structure.fictive else {
      throw Sentence("The sample's people are made up: they only go into a hospital that says fictive: true.")
    }
    let sample = SampleHospital(structure: structure, seed: seed, patients: patients, now: Environment.live.now())
    let progress = Progress("sample")
    var batch: [Submission] = []
    var done = 0
    func submit() async throws {
      for result in await register.submit(batch) { _ = try result.get() }
      done += batch.count
      batch.removeAll(keepingCapacity: true)
      progress.show(min(done, patients + earlierStays), of: patients + earlierStays)
    }
    func submit(_ commits: some Sequence<(command: any Command, key: String)>) async throws {
      for (command, key) in commits {
        batch.append(Submission(command, key: key, author: "system"))
        if batch.count == Self.sampleBatch { try await submit() }
      }
      try await submit()
    }
    try await submit(sample.commits)
    try await submit(sample.earlierStays(earlierStays))
  }
}
