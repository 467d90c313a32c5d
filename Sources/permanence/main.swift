import ArgumentParser
import Logging
import ServiceLifecycle
print("stub")
