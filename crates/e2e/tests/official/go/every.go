package main

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/basic"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/region"
	dcs "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/dcs/v2"
	roma "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/roma/v2"
)

// The functions that create a client. The keys are the names of the services in the SDK.
var clients = map[string]func(*basic.Credentials, *region.Region) any{
	"dcs": func(credentials *basic.Credentials, place *region.Region) any {
		return dcs.NewDcsClient(must(dcs.DcsClientBuilder().WithCredential(credentials).WithRegion(place).SafeBuild()))
	},
	"roma": func(credentials *basic.Credentials, place *region.Region) any {
		return roma.NewRomaClient(must(roma.RomaClientBuilder().WithCredential(credentials).WithRegion(place).SafeBuild()))
	},
}

// every calls the given operations of one service, and prints each answer or error. Then it prints the names of all methods.
func every() {
	var given struct {
		Module, Endpoint string
		Cloud            map[string]any
		Calls            []struct {
			Operation string
			Request   json.RawMessage
		}
	}
	must(struct{}{}, json.NewDecoder(os.Stdin).Decode(&given))
	of := func(name string) string { return given.Cloud[name].(string) }
	credentials := must(basic.NewCredentialsBuilder().WithAk(of("access_key")).WithSk(of("secret_key")).WithProjectId(of("project_id")).SafeBuild())
	client := reflect.ValueOf(clients[given.Module](credentials, region.NewRegion(of("project_name"), given.Endpoint)))
	methods := []string{}
	for at := range client.NumMethod() {
		if name := client.Type().Method(at).Name; client.Method(at).Type().NumOut() == 2 {
			methods = append(methods, name)
		}
	}
	for _, call := range given.Calls {
		method := reflect.Value{}
		for _, name := range methods {
			if strings.EqualFold(name, call.Operation) {
				method = client.MethodByName(name)
			}
		}
		if answer, err := invoke(method, call.Request); err != nil {
			tell(call.Operation, facts{"error": err.Error()})
		} else {
			tell(call.Operation, facts{"answer": answer})
		}
	}
	must(struct{}{}, json.NewEncoder(os.Stdout).Encode(facts{"methods": methods}))
}

func invoke(method reflect.Value, request json.RawMessage) (answer json.RawMessage, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("panic: %v", panicked)
		}
	}()
	if !method.IsValid() {
		return nil, fmt.Errorf("the SDK has no such method")
	}
	argument := reflect.New(method.Type().In(0).Elem())
	if err := json.Unmarshal(joined(argument.Elem().Type(), request), argument.Interface()); err != nil {
		return nil, fmt.Errorf("the SDK's request type does not accept the request: %w", err)
	}
	results := method.Call([]reflect.Value{argument})
	if failed, ok := results[1].Interface().(error); ok {
		return nil, failed
	}
	return json.Marshal(results[0].Interface())
}

// joined returns the request as JSON. If the SDK expects a string instead of a list, joined joins the elements of the list with commas.
func joined(argument reflect.Type, request json.RawMessage) []byte {
	var fields map[string]any
	must(struct{}{}, json.Unmarshal(request, &fields))
	for at := range argument.NumField() {
		name, _, _ := strings.Cut(argument.Field(at).Tag.Get("json"), ",")
		kind := argument.Field(at).Type
		if kind.Kind() == reflect.Pointer {
			kind = kind.Elem()
		}
		if list, ok := fields[name].([]any); ok && kind.Kind() == reflect.String {
			texts := []string{}
			for _, element := range list {
				texts = append(texts, fmt.Sprint(element))
			}
			fields[name] = strings.Join(texts, ",")
		}
	}
	return must(json.Marshal(fields))
}
