import Hospital
import Ledger
import Logging
import Register
import ServiceLifecycle

/// Sees what the main system's feed says of what was handed back to it, and links the two.
public struct HandbackLinking: Service {
  private let register: Register
  private let environment: Environment
  private let logger: Logger

  public init(_ register: Register, _ environment: Environment, logger: Logger) {
    self.register = register
    self.environment = environment
    self.logger = logger
  }

  public func run() async throws {
    let changes = register.changes()
    await cancelWhenGracefulShutdown {
      for await changed in changes {
        do { try await Self.link(changed, register, environment) } catch {
          logger.error("what was handed back could not be linked to what the main system says: \(error)")
        }
      }
    }
  }

  /// Identities first: a stay's is then one person.
  package static func link(_ changed: Set<String>, _ register: Register, _ environment: Environment) async throws {
    // Most days nothing was ever handed back.
    guard try register.read({ try $0.anyHandback() }) else { return }
    var stays = changed.filter { $0.hasPrefix("stay/") }
    // A link that another station made may come after what takes it back.
    for stay in stays where !Name.isGivenOutside(stay) {
      if let there = try register.read({ try $0.stay(stay)?.continuedAs }) { stays.insert(there) }
    }
    for subject in changed.filter({ $0.hasPrefix("patient/") && Name.isGivenOutside($0) }).sorted() {
      guard try await link(to: subject, register, environment) else { continue }
      // What the feed said of their stays before is of somebody who is known here now.
      stays.formUnion(try register.read { try $0.stays(ofPatient: subject) })
    }
    for subject in stays.filter(Name.isGivenOutside).sorted() { _ = try await link(to: subject, register, environment) }
  }

  /// - Returns: whether anything is one with it now.
  private static func link(to there: String, _ register: Register, _ environment: Environment) async throws -> Bool {
    var isLinked = false
    for here in try register.read({ try $0.handedBack(as: there) }) {
      let command = LinkHandedBack(here: here, there: there)
      do {
        _ = try await register.submit(Submission(command, key: environment.newID(), author: "system"))
        isLinked = true
      } catch is Refusal {
        // Merged or gone meanwhile: a person has said what holds.
      }
    }
    return isLinked
  }
}
