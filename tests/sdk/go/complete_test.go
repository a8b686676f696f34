package sdk

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"testing"
)

// methodsOf gives the methods of the interfaces that an interface hands out, and its own that hand none out.
func methodsOf(thing reflect.Type) []string {
	found := []string{}
	for i := range thing.NumMethod() {
		method := thing.Method(i)
		if method.Type.NumIn() == 0 && method.Type.NumOut() == 1 && method.Type.Out(0).Kind() == reflect.Interface {
			for _, name := range methodsOf(method.Type.Out(0)) {
				found = append(found, method.Name+"."+name)
			}
			continue
		}
		found = append(found, method.Name)
	}
	return found
}

func TestEveryMethodIsCalled(t *testing.T) {
	sources := []byte{}
	for _, file := range must(filepath.Glob("*_test.go")) {
		sources = append(sources, must(os.ReadFile(file))...)
	}
	methods := append(methodsOf(reflect.TypeOf(&mgmt).Elem()), methodsOf(reflect.TypeOf(&auth).Elem())...)
	if len(methods) < 330 {
		t.Fatalf("%d methods are too few to be all", len(methods))
	}
	for _, name := range methods {
		last := regexp.MustCompile(`\w+$`).FindString(name)
		if !regexp.MustCompile(`\.` + last + `\(`).Match(sources) {
			t.Errorf("%s is not called", name)
		}
	}
}
