import Hospital
import Interop
import Ledger
import Testing

/// Two files of the main system that people joined here.
struct MergedMeanwhileTests {
  private typealias Night = SaidMeanwhile
  private static let gone = "patient/0196f1d2-0000-7000-8000-000000000001"
  private static let kept = "patient/0196f1d2-0000-7000-8000-000000000002"
  private static let stay = "stay/0196f1d2-0000-7000-8000-000000000003"

  /// Its feed had spoken of both, and of the stay of the first; then these were said, a commit each.
  private static func messages(_ said: [(kind: String, subject: String, data: JSON)]) -> [OutgoingMessage] {
    var night = Night()
    let source = Source(sender: "GAM|CH", control: "1", text: "", instant: Night.start)
    let admitted = Night.movement("m1", "A01", unit: "4EST", stayClass: "inpatient", Night.opening(gone, "91"))
    night.say(
      [
        ("patient.described", gone, Night.identity("710001")), ("patient.described", kept, Night.identity("710002")),
        ("stay.admitted", stay, admitted),
      ], source: source)
    for fact in said { night.say([fact]) }
    return night.messages
  }

  private static let merged = (
    kind: "patient.merged", subject: gone, data: JSON.object(JSONObject([("into", .string(kept))]))
  )
  private static let moved = (
    kind: "stay.transferred", subject: stay, data: Night.movement("m2", "A02", unit: "CHIR", bed: "2")
  )
  private static let parted = (kind: "patient.unmerged", subject: gone, data: JSON.object(JSONObject()))

  /// What was told while they were one named the file that lived on: a receiver has put the stay there.
  @Test func aStayGoesBackToWhoseItIs() throws {
    let messages = Self.messages([Self.merged, Self.moved, Self.parted])
    #expect(messages.map(\.trigger) == ["A40", "A02", "A37", "A44"])
    let last = try #require(messages.last)
    #expect(last.field("PID", 1, 3)?.hasPrefix("710001^") == true && last.field("PID", 1, 18)?.hasPrefix("91^") == true)
    #expect(last.field("MRG", 1, 1)?.hasPrefix("710002^") == true && last.field("MRG", 1, 3)?.hasPrefix("91^") == true)
    #expect(Set(messages.map(\.control)).count == 4)
  }

  /// Of which nothing was told meanwhile.
  @Test func aStayThatIsWhereItWas() {
    #expect(Self.messages([Self.moved, Self.merged, Self.parted]).map(\.trigger) == ["A02", "A40", "A37"])
  }

  /// A death said of the file that gave way is the person's.
  @Test func aDeath() {
    let died = (kind: "patient.died", subject: Self.gone, data: JSON.object(JSONObject()))
    let messages = Self.messages([died, Self.merged, Self.moved])
    #expect(messages.map(\.trigger) == ["A31", "A40", "A02"])
    #expect(messages.map { $0.field("PID", 1, 30) } == ["Y", "Y", "Y"])
    #expect(Set(messages.map { $0.field("PID", 1, 29) }).count == 1)
  }
}
