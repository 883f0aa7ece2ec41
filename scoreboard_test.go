package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// full runs the scoreboard in its long form.
var full = flag.Bool("full", false, "the scoreboard in its long form: 10 million inputs, 500 cuts of power, an hour of keys")

// score is one row: tests that stand beside the code they try, by package and name.
// A name that no test has fails the row.
type score struct {
	what  string
	pkg   string // folder; "." is this one
	tests []string
	fuzz  []string
	args  []string // of the long form
	long  bool     // takes minutes: tried by the long form and by the test itself alone
}

// scores is all that attacks are tried against. Whoever adds a defence adds its row.
func scores() []score {
	return []score{
		{what: "hostile text x screens", pkg: ".", tests: []string{"TestNothingUnpermittedReachesTheTerminal"}},
		{what: "hostile text x commands", pkg: ".", tests: []string{"TestCommandsPrintNothingATerminalObeys"}},
		{what: "hostile text in a case file", pkg: "views/cli", tests: []string{"TestACaseFileOfAHostilePlatform", "TestNothingPersonalIsLeftAndNothingIsAlive"}},
		{what: "mask x commands, fields", pkg: "views/cli", tests: []string{"TestNoCommandPrintsWhatIsMasked", "TestNoFieldShowsWhatIsMasked", "TestThePoisonIsSeen"}},
		{what: "mask x screens", pkg: "views/cli", tests: []string{"TestNoPlaceShowsWhatIsMasked"}, long: true},
		{what: "keys at random", pkg: "views/cli", tests: []string{"TestRandomKeys"}, args: []string{"-walk", "1h"}},
		{what: "fuzz of the cleaner", pkg: "ui/text", fuzz: []string{"FuzzClean", "FuzzCutAndWrap"}},
		{what: "cleaner, by table", pkg: "ui/text", tests: []string{"TestSequencesAreShown", "TestEveryTwoBytesBeforeASequence", "TestUnseenIsMarked", "TestCopied", "TestNothingAboveASCIIIsLeft"}},
		{what: "fuzz of the decoders", pkg: "api/kore", fuzz: []string{"FuzzDecode", "FuzzRetryAfter", "FuzzGuard"}},
		{what: "fuzz of payloads", pkg: "api/payload", fuzz: []string{"FuzzRead"}, tests: []string{"TestNoInputPanics"}},
		{what: "fuzz of the tree", pkg: "ui/jsontree", fuzz: []string{"FuzzTree", "FuzzSearch", "FuzzQuote", "FuzzCheck"}},
		{what: "fuzz of the output", pkg: "views/output", fuzz: []string{"FuzzEscape", "FuzzCSV"}},
		{what: "fuzz of the mask", pkg: "views", fuzz: []string{"FuzzMaskJSON"}},
		{what: "fuzz of filters", pkg: "views/filter", fuzz: []string{"FuzzParse"}},
		{what: "fuzz of the settings", pkg: "config", fuzz: []string{"FuzzRead"}},
		{what: "redirects", pkg: "api/kore", tests: []string{"TestRedirectsReachNobody", "TestRedirectsAreNeverFollowed", "TestTheGuardLetsOnlyTheConfiguredOriginThrough"}},
		{what: "canaries", pkg: "api/kore", tests: []string{"TestHiddenThingsPrintAsDots", "TestNoErrorTellsASecret", "TestNoSecretOfABotComesOut", "TestAnErrorOfTheTransportIsCleaned", "TestTokensAreNeverReused"}},
		{what: "secrets in payloads", pkg: "api/payload", tests: []string{"TestSecretsAtEveryDepth", "TestSecretsInTexts", "TestNoSecretInAReading"}},
		{what: "limits, one process", pkg: "api/kore", tests: []string{"TestNoRollingWindowIsEverPassed", "TestOurOwnPaceIsNeverRefused", "TestARefusalInAnyDressIsARefusal", "TestNobodySendsThroughAShutGate"}},
		{what: "limits, 8 processes, 2 users", pkg: "cache", tests: []string{"TestProcessesOfAMachineCountTogether", "TestProcessesThatCountAtOnce", "TestTheFirstToCountAreCounted", "TestCountsTogetherWithoutACacheOrAName"}},
		{what: "limits, a real team server", pkg: "cache/team", tests: []string{"TestRealServerInTrouble", "TestRealServerFull", "TestRealServerHalfOpen", "TestRealSentinel", "TestRealCluster"}},
		{what: "limits, a hostile user", pkg: "cache", tests: []string{"TestAForeignFileSlowsAndNeverStops", "TestAFileThatIsNotOursIsNotUsed", "TestALockThatIsHeldHoldsNobodyForLong", "TestWhatOthersWroteIsBounded"}},
		{what: "double acts", pkg: "api/kore", tests: []string{"TestEveryStartIsSentOnce", "TestJobsAndWritesAreSentOnce", "TestChangesAreSentOnce", "TestAReusedConnectionThatDiesRepeatsNoAct"}},
		{what: "double acts, program", pkg: "views/cli", tests: []string{"TestARunIsAskedForOnce", "TestALostStartIsKept", "TestARunThatIsOverIsNotPickedUp", "TestNoJournalNoAct"}},
		{what: "moving pages", pkg: "api/kore", tests: []string{"TestMovedRowsAreNeitherMissedNorDoubled", "TestMovedRowsOfTheSimulator", "TestPagingLies", "TestASeamGivenUpIsSaid", "TestNoRowsWithoutAPositiveAnswer"}},
		{what: "kill -9, cache", pkg: "cache", tests: []string{"TestKilledAtAnyMoment", "TestKilledInEveryStep", "TestProcessesComeAndGo"}},
		{what: "kill -9, count", pkg: "cache", tests: []string{"TestKilledWhileCounting", "TestNoMomentWithoutTheCount"}},
		{what: "power loss", pkg: "cache", tests: []string{"TestPowerFails"}},
		{what: "damaged files", pkg: "cache", tests: []string{"TestDamagedFilesAreReplaced", "TestDamagedLogIsHarmless", "TestDamageIsNeverShown", "TestCheckAfterCrashFindsWhatNobodyReads"}},
		{what: "disk troubles", pkg: "cache", tests: []string{"TestFullDisk", "TestMemoryInsteadOfDisk", "TestPlantedLinksAreRefused", "TestLinkedFolderIsRefused", "TestOpenRightsAreTakenAway"}},
		{what: "purge", pkg: "views/cli", tests: []string{"TestPurgeLeavesNothing", "TestCacheKeyOfTwoFactors"}},
		{what: "address space", pkg: "cache", tests: []string{"TestWantOfMemoryIsNoDamage"}},
		{what: "signals", pkg: ".", tests: []string{"TestSignalsEndTheProgramAndGiveTheTerminalBack", "TestKeysThatLeave"}},
		{what: "stop and fg", pkg: ".", tests: []string{"TestToTheShellAndBack"}},
		{what: "line drop", pkg: ".", tests: []string{"TestALostLineEndsTheProgram", "TestStdoutIntoAPipe"}},
		{what: "sizes", pkg: "views/cli", tests: []string{"TestResizingOnEveryScreen", "TestTheMainJobAt40x10"}},
		{what: "body faults", pkg: "api/kore", tests: []string{"TestPassingFaultsAreSurvived", "TestLastingFaultsAreNamed", "TestACutPageIsNeverAccepted", "TestABombIsStopped", "TestHugeHeadersAreRefused", "TestAStalledBodyIsGivenUp", "TestATotalTimeEndsADrip"}},
		{what: "TLS, proxies, names", pkg: "api/kore", tests: []string{"TestCausesHaveNames", "TestCausesBelowAConnection", "TestBadCertificatesAreNotTriedAgain", "TestTheNameAndPasswordOfAProxyAreHidden"}},
		{what: "client certificates", pkg: "views/cli", tests: []string{"TestClientCertificateIsShown", "TestAuthorityOfTheProfile"}},
		{what: "clocks", pkg: "api/kore", tests: []string{"TestClockSkewIsLearntFromARefusal", "TestARefusalTellsTheSkew"}},
		{what: "clocks, kept", pkg: "views/cli", tests: []string{"TestClocksThatDifferAreLearntAndKept"}},
		{what: "clocks, cache", pkg: "cache", tests: []string{"TestAGateOfAWrongClockEnds", "TestRowsFromTheFutureGo", "TestLinesNewerThanOurClock"}},
		{what: "secrets and settings", pkg: "config", tests: []string{"TestAHelperOthersMayChangeIsNotRun", "TestClientCertificates", "TestAHugeSecretFileIsRefused"}},
		{what: "journal", pkg: "views/cli", tests: []string{"TestTheJournalHoldsTogether", "TestJournalOfManyWriters", "TestOpenCallsAreShown"}},
		{what: "idle lock", pkg: "ui", tests: []string{"TestLock", "TestLockThatIsTyped"}},
		{what: "copies", pkg: "ui", tests: []string{"TestCopiesAreCleaned", "TestPasteNeverActs"}},
	}
}

// TestScoreboard runs what attacks are tried against and prints a line a row, with
// tries and failures. It runs when it is named,
//
//	go test -run Scoreboard -count=1 -v .
//
// since all of its tests run by themselves as well; -full is the long form.
func TestScoreboard(t *testing.T) {
	if named := flag.Lookup("test.run"); named == nil || !strings.Contains(named.Value.String(), "Scoreboard") {
		t.Skip("runs when it is named")
	}
	b := board{t: t, dir: t.TempDir(), programs: map[string]string{}}
	begun, tries, failures := time.Now(), 0, 0
	for _, s := range scores() {
		if s.long && !*full {
			continue
		}
		start := time.Now()
		tried, failed, said := b.row(s)
		fmt.Printf("%-34s %9d tries %4d failures %6.1fs\n", s.what, tried, failed, time.Since(start).Seconds())
		tries, failures = tries+tried, failures+failed
		if failed > 0 {
			t.Errorf("%s:\n%s", s.what, said)
		}
	}
	fmt.Printf("%-34s %9d tries %4d failures %6.1fs\n", "all", tries, failures, time.Since(begun).Seconds())
}

// board makes the tests of a package once.
type board struct {
	t        *testing.T
	dir      string
	programs map[string]string
}

func (b *board) program(pkg string) (string, error) {
	if pkg == "." {
		return os.Executable()
	}
	if path := b.programs[pkg]; path != "" {
		return path, nil
	}
	path := filepath.Join(b.dir, strings.ReplaceAll(pkg, "/", "-")+".test")
	out, err := exec.CommandContext(b.t.Context(), "go", "test", "-c", "-o", path, "./"+pkg).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	b.programs[pkg] = path
	return path, nil
}

// row runs the tests of a row and the fuzzers after them.
func (b *board) row(s score) (tried, failed int, said string) {
	path, err := b.program(s.pkg)
	if err != nil {
		return 0, 1, err.Error()
	}
	if len(s.tests) > 0 {
		args := []string{"-test.run", "^(" + strings.Join(s.tests, "|") + ")$", "-test.v", "-test.count=1", "-test.timeout=90m"}
		if *full {
			args = append(args, s.args...)
		} else {
			args = append(args, "-test.short")
		}
		out, broke := b.run(path, s.pkg, args)
		tried, failed = counted(out, s.tests)
		if broke != nil && failed == 0 {
			failed = 1
		}
		said += lastLines(out)
	}
	for _, name := range s.fuzz {
		each := "4000x"
		if *full {
			each = "700000x" // times the fuzzers there are, ten million
		}
		out, broke := b.run(path, s.pkg, []string{"-test.run", "^$", "-test.fuzz", "^" + name + "$", "-test.fuzztime", each, "-test.fuzzcachedir", filepath.Join(b.dir, "fuzz"), "-test.timeout=90m"})
		n := inputs(out)
		if tried += n; broke != nil || n == 0 {
			failed++
			said += lastLines(out)
		}
	}
	return tried, failed, said
}

func (b *board) run(path, pkg string, args []string) (string, error) {
	ctx, cancel := context.WithCancel(b.t.Context())
	defer cancel()
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir = pkg
	cmd.Env = os.Environ()
	if *full {
		cmd.Env = append(cmd.Env, "KORESCOPE_FULL=1")
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return out.String(), err
}

var (
	verdictLine = regexp.MustCompile(`(?m)^( *)--- (PASS|FAIL|SKIP): (\S+)`)
	triesLine   = regexp.MustCompile(`(?m)^=== ATTR +(\S+) tries (\d+)`)
	inputsLine  = regexp.MustCompile(`execs: (\d+)`)
)

// counted adds up what a test says of itself, its parts where it has some, or one.
// A test that was not there has failed.
func counted(out string, names []string) (tried, failed int) {
	said, parts, ended := map[string]int{}, map[string]int{}, map[string]bool{}
	for _, m := range triesLine.FindAllStringSubmatch(out, -1) {
		n, _ := strconv.Atoi(m[2]) // digits
		top, _, _ := strings.Cut(m[1], "/")
		said[top] += n
	}
	for _, m := range verdictLine.FindAllStringSubmatch(out, -1) {
		top, part, _ := strings.Cut(m[3], "/")
		if part == "" {
			ended[top] = true
		} else {
			parts[top]++
		}
		if m[2] == "FAIL" && (part == "" && parts[top] == 0 || part != "") {
			failed++
		}
	}
	for _, name := range names {
		switch {
		case !ended[name]:
			failed++
		case said[name] > 0:
			tried += said[name]
		default:
			tried += max(parts[name], 1)
		}
	}
	return tried, failed
}

func inputs(out string) (n int) {
	for _, m := range inputsLine.FindAllStringSubmatch(out, -1) {
		n, _ = strconv.Atoi(m[1]) // digits
	}
	return n
}

func lastLines(out string) string {
	const most = 60
	lines := strings.Split(strings.TrimSpace(out), "\n")
	return strings.Join(lines[max(0, len(lines)-most):], "\n") + "\n"
}

// The sums are right, and a row that loses anything shows it.
func TestCountsOfTheScoreboard(t *testing.T) {
	for out, want := range map[string][2]int{
		"--- PASS: TestA (0.1s)\n":                           {1, 0},
		"=== ATTR  TestA tries 40\n--- PASS: TestA (0.1s)\n": {40, 0},
		"=== ATTR  TestA/x tries 4\n=== ATTR  TestA/y tries 5\n--- PASS: TestA (0s)\n    --- PASS: TestA/x (0s)\n": {9, 0},
		"--- PASS: TestA (0s)\n    --- PASS: TestA/x (0s)\n    --- PASS: TestA/y (0s)\n":                           {2, 0},
		"--- FAIL: TestA (0s)\n":                             {1, 1},
		"--- FAIL: TestA (0s)\n    --- FAIL: TestA/x (0s)\n": {1, 2},
		"panic: no\n": {0, 1},
		"":            {0, 1},
	} {
		if tried, failed := counted(out, []string{"TestA"}); tried != want[0] || failed != want[1] {
			t.Errorf("%q: %d tries, %d failures", out, tried, failed)
		}
	}
	if n := inputs("fuzz: elapsed: 0s, execs: 5 (1/sec)\nfuzz: elapsed: 3s, execs: 4001 (9/sec)\nPASS\n"); n != 4001 {
		t.Errorf("%d inputs", n)
	}
}
