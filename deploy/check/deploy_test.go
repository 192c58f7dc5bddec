// Package check checks what deploy/ has beside the image, with the libraries of the programs that will read it: Helm, Kubernetes,
// Compose and Prometheus. Needs Go and no network once its modules are there; see deploy/check/run.
package check

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/lint"
	"helm.sh/helm/v3/pkg/lint/support"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/kubernetes/scheme"
)

const (
	chartFolder = "../helm/understudy"
	alerts      = chartFolder + "/files/alerts.yaml"
	dashboard   = chartFolder + "/files/dashboard.json"
)

// Kinds that Kubernetes itself does not know: their fields are not checked here.
var custom = map[string]bool{"ServiceMonitor": true, "PrometheusRule": true}

func load(t *testing.T) *chart.Chart {
	t.Helper()
	loaded, err := loader.Load(chartFolder)
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

func values(t *testing.T, file string) map[string]any {
	t.Helper()
	if file == "" {
		return map[string]any{}
	}
	read, err := chartutil.ReadValuesFile(filepath.Join(chartFolder, "ci", file))
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// The objects of the chart with these values, decoded strictly: an unknown field or a wrong type is an error.
func objects(t *testing.T, file string) []runtime.Object {
	t.Helper()
	loaded := load(t)
	render, err := chartutil.ToRenderValues(loaded, values(t, file),
		chartutil.ReleaseOptions{Name: "test", Namespace: "llm", Revision: 1, IsInstall: true}, chartutil.DefaultCapabilities)
	if err != nil {
		t.Fatal(err)
	}
	rendered, err := engine.Render(loaded, render)
	if err != nil {
		t.Fatal(err)
	}
	decoder := serializer.NewCodecFactory(scheme.Scheme, serializer.EnableStrict).UniversalDeserializer()
	var all []runtime.Object
	for name, rendering := range rendered {
		if !strings.HasSuffix(name, ".yaml") {
			continue
		}
		documents := yaml.NewYAMLReader(bufio.NewReader(strings.NewReader(rendering)))
		for {
			document, err := documents.Read()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(name, err)
			}
			text, err := yaml.ToJSON(document)
			if err != nil {
				t.Fatal(name, err, string(document))
			}
			if string(text) == "null" {
				continue
			}
			if custom[kindOf(t, text)] {
				continue
			}
			object, _, err := decoder.Decode(text, nil, nil)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			all = append(all, object)
		}
	}
	return all
}

func kindOf(t *testing.T, document []byte) string {
	t.Helper()
	var head struct{ Kind string }
	if err := json.Unmarshal(document, &head); err != nil {
		t.Fatal(err, string(document))
	}
	return head.Kind
}

func one[T runtime.Object](t *testing.T, all []runtime.Object) T {
	t.Helper()
	var found []T
	for _, object := range all {
		if typed, is := object.(T); is {
			found = append(found, typed)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d objects of the type %T", len(found), *new(T))
	}
	return found[0]
}

func TestChartHasNoFindingsOfHelm(t *testing.T) {
	for _, file := range []string{"", "all.yaml", "single.yaml"} {
		for _, message := range lint.All(chartFolder, values(t, file), "llm", true).Messages {
			// An icon is a picture from the network.
			if message.Severity >= support.WarningSev && !strings.Contains(message.Err.Error(), "icon") {
				t.Errorf("with %q: %v", file, message)
			}
		}
	}
}

func TestObjectsAreThoseOfKubernetes(t *testing.T) {
	least := map[string]int{"": 6, "all.yaml": 9, "single.yaml": 5}
	for file, count := range least {
		if all := objects(t, file); len(all) < count {
			t.Errorf("with %q there are only %d objects", file, len(all))
		}
	}
}

func TestPodIsUnprivilegedAndEndsAfterItsDrain(t *testing.T) {
	for _, file := range []string{"", "all.yaml", "single.yaml"} {
		all := objects(t, file)
		pod := one[*appsv1.Deployment](t, all).Spec.Template
		container := pod.Spec.Containers[0]
		if !*pod.Spec.SecurityContext.RunAsNonRoot || *pod.Spec.SecurityContext.RunAsUser != 65532 ||
			!*container.SecurityContext.ReadOnlyRootFilesystem || *container.SecurityContext.AllowPrivilegeEscalation ||
			len(container.SecurityContext.Capabilities.Drop) != 1 || *pod.Spec.AutomountServiceAccountToken {
			t.Errorf("with %q the pod may more than it needs", file)
		}
		if container.LivenessProbe.HTTPGet.Path != "/healthz" || container.ReadinessProbe.HTTPGet.Path != "/readyz" {
			t.Errorf("with %q: probes", file)
		}
		var sleep, drain int64
		if _, err := fmt.Sscan(container.Lifecycle.PreStop.Exec.Command[1], &sleep); err != nil {
			t.Fatal(err)
		}
		config := configuration(t, all)
		found := regexp.MustCompile(`drain: (\d+)s`).FindStringSubmatch(config)
		if _, err := fmt.Sscan(found[1], &drain); err != nil {
			t.Fatal(err)
		}
		if *pod.Spec.TerminationGracePeriodSeconds < sleep+drain+10 {
			t.Errorf("with %q a pod is killed before its drain of %ds has ended", file, drain)
		}
	}
}

func configuration(t *testing.T, all []runtime.Object) string {
	t.Helper()
	for _, object := range all {
		if config, is := object.(*corev1.ConfigMap); is {
			if text, has := config.Data["understudy.yaml"]; has {
				return text
			}
		}
	}
	t.Fatal("no ConfigMap with understudy.yaml")
	return ""
}

func TestChangedConfigurationMakesNewPods(t *testing.T) {
	checksum := func(file string) string {
		return one[*appsv1.Deployment](t, objects(t, file)).Spec.Template.Annotations["checksum/config"]
	}
	if checksum("") == "" || checksum("") == checksum("all.yaml") {
		t.Error("the checksum does not change with the configuration")
	}
}

func TestSelectorsFindThePods(t *testing.T) {
	for _, file := range []string{"", "all.yaml"} {
		all := objects(t, file)
		deployment := one[*appsv1.Deployment](t, all)
		labels := deployment.Spec.Template.Labels
		matches := func(selector map[string]string, what string) {
			for name, value := range selector {
				if labels[name] != value {
					t.Errorf("with %q %s selects %s=%s, which no pod has", file, what, name, value)
				}
			}
		}
		matches(deployment.Spec.Selector.MatchLabels, "the deployment")
		matches(one[*policyv1.PodDisruptionBudget](t, all).Spec.Selector.MatchLabels, "the disruption budget")
		matches(one[*networkingv1.NetworkPolicy](t, all).Spec.PodSelector.MatchLabels, "the network policy")
		ports := map[string]bool{}
		for _, port := range deployment.Spec.Template.Spec.Containers[0].Ports {
			ports[port.Name] = true
		}
		for _, object := range all {
			if service, is := object.(*corev1.Service); is {
				matches(service.Spec.Selector, "the service "+service.Name)
				for _, port := range service.Spec.Ports {
					if !ports[port.TargetPort.StrVal] {
						t.Errorf("with %q the service %s has the port %s, which no container has", file, service.Name, port.TargetPort.StrVal)
					}
				}
			}
		}
	}
}

func TestSecretsAreNotInTheConfiguration(t *testing.T) {
	all := objects(t, "single.yaml")
	if strings.Contains(configuration(t, all), "sk-example") {
		t.Error("a key is in the ConfigMap")
	}
	if one[*corev1.Secret](t, all).StringData["UNDERSTUDY_CALLER_KEY"] != "12345" {
		t.Error("a key of digits is not a text")
	}
}

func TestSeveralPodsCannotShareAClaim(t *testing.T) {
	loaded := load(t)
	render, err := chartutil.ToRenderValues(loaded, map[string]any{"persistence": map[string]any{"enabled": true}},
		chartutil.ReleaseOptions{Name: "test"}, chartutil.DefaultCapabilities)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := engine.Render(loaded, render); err == nil || !strings.Contains(err.Error(), "for one pod") {
		t.Errorf("two pods with one claim are rendered: %v", err)
	}
}

func TestConfigurationsCanBeWrittenOut(t *testing.T) {
	// For the gateway's own check of them: deploy/check/run.
	folder := os.Getenv("UNDERSTUDY_RENDERED")
	if folder == "" {
		t.Skip("UNDERSTUDY_RENDERED is not set")
	}
	for _, file := range []string{"default", "all", "single"} {
		source := file + ".yaml"
		if file == "default" {
			source = ""
		}
		if err := os.WriteFile(filepath.Join(folder, file+".yaml"), []byte(configuration(t, objects(t, source))), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRulesArePrometheusRules(t *testing.T) {
	groups, errs := rulefmt.ParseFile(alerts, false, model.UTF8Validation, parser.NewParser(parser.Options{}), slog.New(slog.DiscardHandler))
	for _, err := range errs {
		t.Error(err)
	}
	for _, group := range groups.Groups {
		for _, rule := range group.Rules {
			if rule.Labels["severity"] == "" || rule.Annotations["summary"] == "" || rule.Annotations["description"] == "" {
				t.Errorf("%s lacks a severity, a summary or a description", rule.Alert)
			}
		}
	}
}

func TestExpressionsOfTheDashboardAreValid(t *testing.T) {
	text, err := os.ReadFile(dashboard)
	if err != nil {
		t.Fatal(err)
	}
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(text, &board); err != nil {
		t.Fatal(err)
	}
	variables := strings.NewReplacer("$__rate_interval", "5m", "$instance", ".*", "$target", ".*")
	count := 0
	for _, panel := range board.Panels {
		for _, target := range panel.Targets {
			count++
			if _, err := parser.NewParser(parser.Options{}).ParseExpr(variables.Replace(target.Expr)); err != nil {
				t.Errorf("%s: %v", panel.Title, err)
			}
		}
	}
	if count < 20 {
		t.Errorf("only %d expressions", count)
	}
}

func TestComposeFileIsValidAndPublishesOnLoopbackOnly(t *testing.T) {
	file := "../compose/compose.yaml"
	required := []string{"UNDERSTUDY_CALLER_KEY=a", "UNDERSTUDY_ADMIN_KEY=b", "POSTGRES_PASSWORD=c", "GRAFANA_PASSWORD=d"}
	options, err := cli.NewProjectOptions([]string{file}, cli.WithEnv(required))
	if err != nil {
		t.Fatal(err)
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"understudy", "postgres", "valkey", "prometheus", "grafana"} {
		if _, err := project.GetService(name); err != nil {
			t.Error(err)
		}
	}
	for _, service := range project.Services {
		for _, port := range service.Ports {
			if port.HostIP != "127.0.0.1" {
				t.Errorf("%s is published at %s", service.Name, port.HostIP)
			}
		}
		for _, volume := range service.Volumes {
			if _, err := os.Stat(volume.Source); volume.Type == types.VolumeTypeBind && err != nil {
				t.Errorf("%s mounts a file that is not there: %v", service.Name, err)
			}
		}
		if service.Build == nil && !regexp.MustCompile(`:v?\d+\.\d+`).MatchString(service.Image) {
			t.Errorf("the version of %s is not fixed: %s", service.Name, service.Image)
		}
	}
	for _, missing := range required {
		name := strings.SplitN(missing, "=", 2)[0]
		incomplete, err := cli.NewProjectOptions([]string{file}, cli.WithEnv(without(required, name)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := incomplete.LoadProject(context.Background()); err == nil {
			t.Errorf("it starts without %s", name)
		}
	}
}

func without(variables []string, name string) []string {
	var rest []string
	for _, variable := range variables {
		if !strings.HasPrefix(variable, name+"=") {
			rest = append(rest, variable)
		}
	}
	return rest
}
