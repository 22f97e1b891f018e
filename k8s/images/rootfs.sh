#!/bin/sh
# Lays down a root with what a JVM and the native parts of its libraries link to, and nothing else: no shell, no
# package manager. Taken from the Debian this runs in.
#   rootfs.sh TARGET
set -eu
target=$1
machine=$(uname -m)
mkdir -p "$target/usr/lib" "$target/usr/lib64" "$target/etc" "$target/tmp"
chmod 1777 "$target/tmp"
ln -s usr/lib "$target/lib"
ln -s usr/lib64 "$target/lib64"
cd /
for name in libc.so.6 libm.so.6 libdl.so.2 libpthread.so.0 librt.so.1 libresolv.so.2 libnss_dns.so.2 libnss_files.so.2 \
  libz.so.1 libstdc++.so.6 libgcc_s.so.1; do
  cp -L --parents "usr/lib/$machine-linux-gnu/$name" "$target"
done
for loader in lib64/ld-linux-x86-64.so.2 lib/ld-linux-aarch64.so.1; do
  [ ! -e "/$loader" ] || cp -L "/$loader" "$target/usr/$loader"
done
echo 'hosts: files dns' >"$target/etc/nsswitch.conf"
echo 'relayauth:x:10001:10001::/tmp:/' >"$target/etc/passwd"
echo 'relayauth:x:10001:' >"$target/etc/group"
