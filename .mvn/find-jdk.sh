# Finds a JDK; sourced by the launcher (bash) and by mvnw (any POSIX shell).
#
#   find_jdk FEATURE NEED_COMPILER    for example: find_jdk 21 yes
#
# JAVA_HOME wins if it is new enough, then the `java` on PATH, then the newest in the usual folders.
# Succeeds and sets jdk_home and jdk_feature, or fails.

# Prints the feature number (21, 25) of the Java in folder $1; fails when there is none.
jdk_feature_of() {
  [ -x "$1/bin/java" ] || return 1
  _jdk_version=""
  if [ -r "$1/release" ]; then # a file of every JDK: no JVM needs to start
    _jdk_version="$(sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9][0-9]*\).*/\1/p' "$1/release" | head -n 1)"
  fi
  if [ -z "$_jdk_version" ]; then
    _jdk_version="$("$1/bin/java" -version 2>&1 | sed -n 's/.*version "\([0-9][0-9]*\).*/\1/p' | head -n 1)"
  fi
  [ -n "$_jdk_version" ] && printf '%s\n' "$_jdk_version"
}

# Succeeds when folder $1 is at least feature $2 and, if $3 is yes, has a compiler; sets jdk_home and jdk_feature.
jdk_accept() {
  [ -n "$1" ] || return 1
  _jdk_found="$(jdk_feature_of "$1")" || return 1
  [ "$_jdk_found" -ge "$2" ] || return 1
  [ "$3" != yes ] || [ -x "$1/bin/javac" ] || return 1
  jdk_home="$1"
  jdk_feature="$_jdk_found"
}

# The home behind the `java` on PATH, which is often a chain of links or a shim: Java itself knows best.
jdk_on_path() {
  command -v java >/dev/null 2>&1 || return 0
  java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p' | head -n 1
}

find_jdk() {
  jdk_accept "${JAVA_HOME:-}" "$1" "$2" && return 0
  jdk_accept "$(jdk_on_path)" "$1" "$2" && return 0
  _jdk_best=""
  _jdk_best_feature=0
  for _jdk_candidate in /usr/lib/jvm/* /usr/java/* /opt/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/*; do
    if jdk_accept "$_jdk_candidate" "$1" "$2" && [ "$jdk_feature" -gt "$_jdk_best_feature" ]; then
      _jdk_best="$jdk_home"
      _jdk_best_feature="$jdk_feature"
    fi
  done
  [ -n "$_jdk_best" ] || return 1
  jdk_home="$_jdk_best"
  jdk_feature="$_jdk_best_feature"
}
