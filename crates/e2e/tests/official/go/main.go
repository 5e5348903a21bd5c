// This program calls a running sandbox with the official Go SDK, which is not modified.
//
// Standard input: one JSON object with the details of the sandbox. Standard output: one JSON object for each step, in the order of the calls.
// The test that runs this program checks the output.
package main

import (
	"encoding/json"
	"errors"
	"log"
	"os"
	"reflect"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/basic"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/global"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/signer/algorithm"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/config"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/region"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/request"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/sdkerr"
	dcs "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/dcs/v2"
	dcsmodel "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/dcs/v2/model"
	iam "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/iam/v3"
	iammodel "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/iam/v3/model"
	roma "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/roma/v2"
	romamodel "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/roma/v2/model"
)

type facts map[string]any

var cloud map[string]string

func tell(step string, told facts) {
	told["step"] = step
	must(struct{}{}, json.NewEncoder(os.Stdout).Encode(told))
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

// call makes one call, and prints the status and the wanted facts of the answer. If the call fails, the function prints the error as the SDK parsed it.
func call[Q, A any](step string, operation func(*Q) (*A, error), request *Q, wanted func(*A) facts) *A {
	answer, err := operation(request)
	var refused *sdkerr.ServiceResponseError
	if errors.As(err, &refused) {
		tell(step, facts{"status": refused.StatusCode, "code": refused.ErrorCode, "message": refused.ErrorMessage, "request_id": refused.RequestId})
		return nil
	}
	must(answer, err)
	told := facts{}
	if wanted != nil {
		told = wanted(answer)
	}
	told["status"] = reflect.ValueOf(answer).Elem().FieldByName("HttpStatusCode").Int()
	tell(step, told)
	return answer
}

func text(value string) *string { return &value }

func key() *basic.CredentialsBuilder {
	return basic.NewCredentialsBuilder().WithAk(cloud["access_key"]).WithSk(cloud["secret_key"])
}

func linkCalls(credentials *basic.Credentials) {
	place := region.NewRegion(cloud["project_name"], cloud["roma_link"])
	client := roma.NewRomaClient(must(roma.RomaClientBuilder().WithCredential(credentials).WithRegion(place).SafeBuild()))
	tell("project", facts{"id": credentials.ProjectId})
	instance, password := cloud["instance_id"], cloud["new_password"]
	product := call("create_product", client.CreateProduct, &romamodel.CreateProductRequest{InstanceId: instance, Body: &romamodel.CreateProductRequestBody{
		AppId: "app", Name: "meter", ManufacturerId: "maker", ManufacturerName: "Maker", Model: "m1",
		ProductType:  romamodel.GetCreateProductRequestBodyProductTypeEnum().E_0,
		ProtocolType: romamodel.GetCreateProductRequestBodyProtocolTypeEnum().E_0,
	}}, nil)
	device := call("create_device", client.CreateDevice, &romamodel.CreateDeviceRequest{InstanceId: instance, Body: &romamodel.CreateDeviceRequestBody{
		Product: &romamodel.ProductReferer{ProductId: product.Id}, DeviceName: "before", NodeId: "node-1", AppId: "app",
	}}, func(a *romamodel.CreateDeviceResponse) facts { return facts{"id": a.Id} })
	call("update_device", client.UpdateDevice, &romamodel.UpdateDeviceRequest{InstanceId: instance, DeviceId: *device.Id, Body: &romamodel.UpdateDeviceRequestBody{
		DeviceName: "after", Status: romamodel.GetUpdateDeviceRequestBodyStatusEnum().E_1, Tags: &[]string{"one", "zwei \u00fc"},
	}}, func(a *romamodel.UpdateDeviceResponse) facts { return facts{"name": a.DeviceName} })
	call("reset_authentication", client.ResetAuthentication, &romamodel.ResetAuthenticationRequest{InstanceId: instance, DeviceId: *device.Id,
		Body: &romamodel.ResetAuthenticationRequestBody{UserName: text("user-of-the-device"), Password: text(password)},
	}, func(a *romamodel.ResetAuthenticationResponse) facts { return facts{"user": a.UserName} })
	call("show_authentication", client.ShowAuthentication, &romamodel.ShowAuthenticationRequest{InstanceId: instance, DeviceId: *device.Id},
		func(a *romamodel.ShowAuthenticationResponse) facts {
			return facts{"user": a.UserName, "same": *a.Password == password}
		})
	call("reset_product_authentication", client.ResetProductAuthentication, &romamodel.ResetProductAuthenticationRequest{InstanceId: instance, ProductId: *product.Id,
		Body: &romamodel.ResetProductAuthenticationRequestBody{UserName: text("user-of-the-product"), Password: text(password)},
	}, func(a *romamodel.ResetProductAuthenticationResponse) facts {
		return facts{"user": a.UserName, "id": product.Id}
	})
	call("unknown_device", client.ShowAuthentication, &romamodel.ShowAuthenticationRequest{InstanceId: instance, DeviceId: 999}, nil)
}

func dcsCalls(credentials *basic.Credentials) {
	place := region.NewRegion(cloud["project_name"], cloud["dcs"])
	client := dcs.NewDcsClient(must(dcs.DcsClientBuilder().WithCredential(credentials).WithRegion(place).SafeBuild()))
	created := call("create_instance", client.CreateInstance, &dcsmodel.CreateInstanceRequest{Body: &dcsmodel.CreateInstanceBody{
		Name: "cache", Engine: "Redis", EngineVersion: text("6.0"), Capacity: 0.125, SpecCode: "redis.single.xu1.tiny.128",
		AzCodes: []string{"eu-de-01"}, VpcId: "vpc", SubnetId: "subnet", Password: text(cloud["old_password"]),
	}}, nil)
	instance := *(*created.Instances)[0].InstanceId
	change := dcsmodel.ModifyInstancePasswordBody{OldPassword: cloud["old_password"], NewPassword: cloud["new_password"]}
	result := func(a *dcsmodel.UpdatePasswordResponse) facts { return facts{"result": a.Result, "id": instance} }
	call("update_password", client.UpdatePassword, &dcsmodel.UpdatePasswordRequest{InstanceId: instance, Body: &change}, result)
	call("update_password_again", client.UpdatePassword, &dcsmodel.UpdatePasswordRequest{InstanceId: instance, Body: &change}, result)
	call("unknown_instance", client.UpdatePassword, &dcsmodel.UpdatePasswordRequest{InstanceId: "no-such-instance", Body: &change}, nil)
}

// iamCalls calls IAM with the credentials of an account, so the SDK looks up the account. (For the other services, the SDK looks up the project.)
// Then iamCalls gets a token with a password, and a temporary key with this token. The last call uses the temporary key.
func iamCalls() {
	account := must(global.NewCredentialsBuilder().WithAk(cloud["access_key"]).WithSk(cloud["secret_key"]).WithIamEndpointOverride(cloud["iam"]).SafeBuild())
	place := region.NewRegion(cloud["project_name"], cloud["iam"])
	client := iam.NewIamClient(must(iam.IamClientBuilder().WithCredential(account).WithRegion(place).SafeBuild()))
	tell("domain", facts{"id": account.DomainId})
	call("list_projects", client.KeystoneListProjects, &iammodel.KeystoneListProjectsRequest{Name: text(cloud["project_name"])},
		func(a *iammodel.KeystoneListProjectsResponse) facts { return facts{"id": (*a.Projects)[0].Id} })
	issued := call("create_token", client.KeystoneCreateUserTokenByPassword, &iammodel.KeystoneCreateUserTokenByPasswordRequest{
		Body: &iammodel.KeystoneCreateUserTokenByPasswordRequestBody{Auth: &iammodel.PwdAuth{
			Identity: &iammodel.PwdIdentity{
				Methods: []iammodel.PwdIdentityMethods{iammodel.GetPwdIdentityMethodsEnum().PASSWORD},
				Password: &iammodel.PwdPassword{User: &iammodel.PwdPasswordUser{
					Domain: &iammodel.PwdPasswordUserDomain{Name: cloud["domain_name"]}, Name: cloud["user_name"], Password: cloud["password"],
				}},
			},
			Scope: &iammodel.AuthScope{Project: &iammodel.AuthScopeProject{Name: text(cloud["project_name"])}},
		}},
	}, nil)
	life := int32(900)
	made := call("create_temporary_key", client.CreateTemporaryAccessKeyByToken, &iammodel.CreateTemporaryAccessKeyByTokenRequest{
		Body: &iammodel.CreateTemporaryAccessKeyByTokenRequestBody{Auth: &iammodel.TokenAuth{Identity: &iammodel.TokenAuthIdentity{
			Methods: []iammodel.TokenAuthIdentityMethods{iammodel.GetTokenAuthIdentityMethodsEnum().TOKEN},
			Token:   &iammodel.IdentityToken{Id: issued.XSubjectToken, DurationSeconds: &life},
		}}},
	}, nil)
	temporary := must(basic.NewCredentialsBuilder().WithAk(made.Credential.Access).WithSk(made.Credential.Secret).
		WithSecurityToken(made.Credential.Securitytoken).WithProjectId(cloud["project_id"]).SafeBuild())
	link := roma.NewRomaClient(must(roma.RomaClientBuilder().WithCredential(temporary).WithEndpoint(cloud["roma_link"]).SafeBuild()))
	call("list_devices", link.ListDevices, &romamodel.ListDevicesRequest{InstanceId: cloud["instance_id"]},
		func(a *romamodel.ListDevicesResponse) facts { return facts{"total": a.Total} })
}

func otherAlgorithms(credentials *basic.Credentials) {
	place := region.NewRegion(cloud["project_name"], cloud["roma_link"])
	devices := &romamodel.ListDevicesRequest{InstanceId: cloud["instance_id"]}
	total := func(a *romamodel.ListDevicesResponse) facts { return facts{"total": a.Total} }
	sm3 := config.DefaultHttpConfig().WithSigningAlgorithm(algorithm.HmacSM3)
	link := roma.NewRomaClient(must(roma.RomaClientBuilder().WithHttpConfig(sm3).WithCredential(credentials).WithRegion(place).SafeBuild()))
	call("signed_by_sm3", link.ListDevices, devices, total)
	always := func(*request.DefaultHttpRequest) bool { return true }
	derived := must(key().WithProjectId(cloud["project_id"]).WithDerivedPredicate(always).SafeBuild())
	builder := roma.RomaClientBuilder().WithDerivedAuthServiceName("roma").WithCredential(derived).WithRegion(place)
	link = roma.NewRomaClient(must(builder.SafeBuild()))
	call("signed_by_v11", link.ListDevices, devices, total)
}

func wrongKey() {
	credentials := must(key().WithSk("not-the-secret-key").WithProjectId(cloud["project_id"]).SafeBuild())
	link := roma.NewRomaClient(must(roma.RomaClientBuilder().WithCredential(credentials).WithEndpoint(cloud["roma_link"]).SafeBuild()))
	call("wrong_key", link.ListDevices, &romamodel.ListDevicesRequest{InstanceId: cloud["instance_id"]}, nil)
}

func main() {
	if len(os.Args) > 1 {
		every()
		return
	}
	must(struct{}{}, json.NewDecoder(os.Stdin).Decode(&cloud))
	credentials := must(key().WithIamEndpointOverride(cloud["iam"]).SafeBuild())
	linkCalls(credentials)
	dcsCalls(credentials)
	iamCalls()
	otherAlgorithms(credentials)
	wrongKey()
}
