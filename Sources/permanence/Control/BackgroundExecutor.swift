import Dispatch

/// Where long work runs that nobody waits for: sealing, a proof, the verification behind the pages. Whatever serves people
/// runs on as many threads as there are cores, and two of these would keep both of two for minutes. Nor may it be the
/// queue of those that read ahead, for which such work waits.
final class BackgroundExecutor: TaskExecutor {
  static let shared = BackgroundExecutor()
  private let queue = DispatchQueue(label: "permanence.background", qos: .background, attributes: .concurrent)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
