import Dispatch

enum Concurrently {
  /// Elements that one core takes at a time: enough to make sharing them out cheap, few enough to end together.
  private static let stride = 64

  /// `transform` of each element, in order, computed on every core.
  static func map<Element: Sendable, Result: Sendable>(
    _ elements: [Element], _ transform: @Sendable (Element) -> Result
  ) -> [Result] {
    [Result](unsafeUninitializedCapacity: elements.count) { buffer, count in
      // Each iteration initialises its own part of the buffer and nothing else.
      nonisolated(unsafe) let results = buffer
      DispatchQueue.concurrentPerform(iterations: (elements.count + stride - 1) / stride) { part in
        for index in part * stride..<min((part + 1) * stride, elements.count) {
          results.initializeElement(at: index, to: transform(elements[index]))
        }
      }
      count = elements.count
    }
  }
}
