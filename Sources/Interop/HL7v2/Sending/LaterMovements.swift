import Hospital
import Ledger

extension HandbackStory {
  /// A movement said late, put right or undone changes where later ones lead that say no place, class or responsibility
  /// of their own: those are told again (Z99 `UPDATE`), since a receiver has the place of the last one.
  mutating func tellLaterMovements(_ telling: inout Telling) {
    for (before, since) in telling.staysMoved {
      guard let after = isRemaking ? stayNow(before.id) : stays[before.id].map({ asTold($0, before.id) }) else {
        continue
      }
      for movement in after.movements where movement.acts && movement.at >= since {
        let name = Self.name(of: movement, after)
        let was = telling.situations[name] ?? situation(of: movement, in: before)
        let sent = MovementSending(.update, movement, after, now: stayNow(after.id) ?? after)
        let leads = VisitSegments(settings: settings, stay: after, sent: sent).situation
        guard let was, was != leads else { continue }
        tell(sent, after, telling.number(ofLater: name), &telling)
      }
    }
  }

  /// nil where it was not known, or did not act.
  private func situation(of movement: Movement, in before: Stay) -> [String]? {
    guard let known = before.movements.first(where: { $0.acts && $0.key.sameBytes(as: movement.key) }) else {
      return nil
    }
    let sent = MovementSending(.update, known, before, now: before)
    return VisitSegments(settings: settings, stay: before, sent: sent).situation
  }
}
