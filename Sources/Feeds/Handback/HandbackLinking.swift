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
    for subject in changed.filter(Name.isGivenOutside).sorted()
    where subject.hasPrefix("patient/") || subject.hasPrefix("stay/") {
      for here in try register.read({ try $0.handedBack(as: subject) }) {
        let command = LinkHandedBack(here: here, there: subject)
        do {
          _ = try await register.submit(Submission(command, key: environment.newID(), author: "system"))
        } catch is Refusal {
          // Merged or gone meanwhile: a person has said what holds.
        }
      }
    }
  }
}
