/// The names of the parts of a file that was split: `key.1of3`, `key.2of3`, `key.3of3`.
struct PartName: Equatable {
  var base: String
  /// From 1.
  var number: Int
  var count: Int

  init(base: String, number: Int, count: Int) {
    (self.base, self.number, self.count) = (base, number, count)
  }

  /// nil for a path that is not a part's.
  init?(_ path: String) {
    guard let match = path.wholeMatch(of: /(.+)\.([1-9][0-9]{0,3})of([1-9][0-9]{0,3})/),
      let number = Int(match.output.2), let count = Int(match.output.3), number <= count
    else { return nil }
    self.init(base: String(match.output.1), number: number, count: count)
  }

  var path: String { "\(base).\(number)of\(count)" }

  /// Every part of the file that `path` is a part of; `path` alone where it is a whole file.
  static func all(of path: String) -> [String] {
    guard let part = PartName(path) else { return [path] }
    return (1...part.count).map { PartName(base: part.base, number: $0, count: part.count).path }
  }
}
