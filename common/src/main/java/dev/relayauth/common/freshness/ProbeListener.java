package dev.relayauth.common.freshness;

/** Told of each probe before the owner reads its highest sequence: a registry of verifiers. */
@FunctionalInterface
public interface ProbeListener {
  /** A reader is alive and this far. Blocking is allowed; an exception refuses the probe. */
  void onProbe(Probe probe);
}
