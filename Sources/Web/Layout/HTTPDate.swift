import Hospital
import Ledger

extension Instant {
  /// IMF-fixdate (RFC 9110 section 5.6.7), which is also what RSS wants.
  var httpDate: String {
    let text = text
    let days = Int((milliseconds - (milliseconds % 86_400_000 + 86_400_000) % 86_400_000) / 86_400_000)
    let date = CivilDate(daysSince1970: days)
    let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let weekday = names[date.weekday]
    let clock = text.dropFirst(11).prefix(8)
    return "\(weekday), \(text.dropFirst(8).prefix(2)) \(months[date.month - 1]) \(text.prefix(4)) \(clock) GMT"
  }
}
