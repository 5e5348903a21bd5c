"""Calls a running sandbox with the official Python SDK, which is not modified.

Standard input: one JSON object with the details of the sandbox. Standard output: one JSON object for each step, in the order of the calls.
The test that runs this script checks the output.
"""

import json
import sys

import huaweicloudsdkdcs.v2 as dcs
import huaweicloudsdkiam.v3 as iam
import huaweicloudsdkroma.v2 as roma
from huaweicloudsdkcore.auth.credentials import BasicCredentials, GlobalCredentials
from huaweicloudsdkcore.exceptions.exceptions import ServiceResponseException
from huaweicloudsdkcore.http.http_config import HttpConfig
from huaweicloudsdkcore.region.region import Region
from huaweicloudsdkcore.signer.algorithm import SigningAlgorithm


def tell(step, **facts):
    print(json.dumps({"step": step, **facts}), flush=True)


def call(step, operation, request, **wanted):
    """Makes one call, and prints the status and the wanted facts. If the service refuses the call, prints the error as the SDK parsed it."""
    try:
        answer = operation(request)
    except ServiceResponseException as error:
        tell(step, status=error.status_code, code=error.error_code, message=error.error_msg, request_id=error.request_id)
        return None
    tell(step, status=answer.status_code, **{name: read(answer) for name, read in wanted.items()})
    return answer


def link_calls(cloud, credentials):
    region = Region(cloud["project_name"], cloud["roma_link"])
    client = roma.RomaClient.new_builder().with_credentials(credentials).with_region(region).build()
    tell("project", id=credentials.project_id)
    instance = cloud["instance_id"]
    product = call("create_product", client.create_product, roma.CreateProductRequest(instance, roma.CreateProductRequestBody(
        app_id="app", name="meter", manufacturer_id="maker", manufacturer_name="Maker", model="m1", product_type=0, protocol_type=0)))
    device = call("create_device", client.create_device, roma.CreateDeviceRequest(instance, roma.CreateDeviceRequestBody(
        product=roma.ProductReferer(product_id=product.id), device_name="before", node_id="node-1", app_id="app")), id=lambda a: a.id)
    call("update_device", client.update_device, roma.UpdateDeviceRequest(instance, device.id, roma.UpdateDeviceRequestBody(
        device_name="after", status=1, tags=["one", "zwei \u00fc"])), name=lambda a: a.device_name)
    call("reset_authentication", client.reset_authentication, roma.ResetAuthenticationRequest(instance, device.id,
         roma.ResetAuthenticationRequestBody(user_name="user-of-the-device", password=cloud["new_password"])), user=lambda a: a.user_name)
    call("show_authentication", client.show_authentication, roma.ShowAuthenticationRequest(instance, device.id),
         user=lambda a: a.user_name, same=lambda a: a.password == cloud["new_password"])
    call("reset_product_authentication", client.reset_product_authentication, roma.ResetProductAuthenticationRequest(instance, product.id,
         roma.ResetProductAuthenticationRequestBody(user_name="user-of-the-product", password=cloud["new_password"])),
         id=lambda a: product.id, user=lambda a: a.user_name)
    call("unknown_device", client.show_authentication, roma.ShowAuthenticationRequest(instance, 999))


def dcs_calls(cloud, credentials):
    region = Region(cloud["project_name"], cloud["dcs"])
    client = dcs.DcsClient.new_builder().with_credentials(credentials).with_region(region).build()
    created = call("create_instance", client.create_instance, dcs.CreateInstanceRequest(body=dcs.CreateInstanceBody(
        name="cache", engine="Redis", engine_version="6.0", capacity=0.125, spec_code="redis.single.xu1.tiny.128", az_codes=["eu-de-01"],
        vpc_id="vpc", subnet_id="subnet", password=cloud["old_password"])))
    instance = created.instances[0].instance_id
    change = dcs.ModifyInstancePasswordBody(old_password=cloud["old_password"], new_password=cloud["new_password"])
    call("update_password", client.update_password, dcs.UpdatePasswordRequest(instance, change), id=lambda a: instance, result=lambda a: a.result)
    call("update_password_again", client.update_password, dcs.UpdatePasswordRequest(instance, change), result=lambda a: a.result)
    call("unknown_instance", client.update_password, dcs.UpdatePasswordRequest("no-such-instance", change))


def iam_calls(cloud):
    """Looks up the account. Then gets a token with a password, gets a temporary key with this token, and makes a call with this key."""
    account = GlobalCredentials(cloud["access_key"], cloud["secret_key"]).with_iam_endpoint(cloud["iam"])
    region = Region(cloud["project_name"], cloud["iam"])
    client = iam.IamClient.new_builder().with_credentials(account).with_region(region).build()
    tell("domain", id=account.domain_id)
    call("list_projects", client.keystone_list_projects, iam.KeystoneListProjectsRequest(name=cloud["project_name"]),
         id=lambda a: a.projects[0].id)
    domain = iam.PwdPasswordUserDomain(cloud["domain_name"])
    user = iam.PwdPasswordUser(domain, cloud["user_name"], cloud["password"])
    identity = iam.PwdIdentity(["password"], iam.PwdPassword(user))
    scope = iam.AuthScope(project=iam.AuthScopeProject(name=cloud["project_name"]))
    issued = call("create_token", client.keystone_create_user_token_by_password, iam.KeystoneCreateUserTokenByPasswordRequest(
        body=iam.KeystoneCreateUserTokenByPasswordRequestBody(iam.PwdAuth(identity, scope))))
    identity = iam.TokenAuthIdentity(["token"], iam.IdentityToken(issued.x_subject_token, 900))
    made = call("create_temporary_key", client.create_temporary_access_key_by_token, iam.CreateTemporaryAccessKeyByTokenRequest(
        iam.CreateTemporaryAccessKeyByTokenRequestBody(iam.TokenAuth(identity))))
    temporary = BasicCredentials(made.credential.access, made.credential.secret, cloud["project_id"])
    temporary = temporary.with_security_token(made.credential.securitytoken)
    link = roma.RomaClient.new_builder().with_credentials(temporary).with_endpoint(cloud["roma_link"]).build()
    call("list_devices", link.list_devices, roma.ListDevicesRequest(cloud["instance_id"]), total=lambda a: a.total)


def other_algorithms(cloud, credentials):
    region = Region(cloud["project_name"], cloud["roma_link"])
    request = roma.ListDevicesRequest(cloud["instance_id"])
    sm3 = HttpConfig.get_default_config()
    sm3.signing_algorithm = SigningAlgorithm.HMAC_SM3
    client = roma.RomaClient.new_builder().with_http_config(sm3).with_credentials(credentials).with_region(region).build()
    call("signed_by_sm3", client.list_devices, request, total=lambda a: a.total)
    derived = BasicCredentials(cloud["access_key"], cloud["secret_key"], cloud["project_id"]).with_derived_predicate(lambda request: True)
    # If a service needs the algorithm V11-HMAC-SHA256, the SDK's client for this service calls this private method.
    builder = roma.RomaClient.new_builder()._with_derived_auth_service_name("roma")
    client = builder.with_credentials(derived).with_region(region).build()
    call("signed_by_v11", client.list_devices, request, total=lambda a: a.total)


def wrong_key(cloud):
    credentials = BasicCredentials(cloud["access_key"], "not-the-secret-key", cloud["project_id"])
    client = roma.RomaClient.new_builder().with_credentials(credentials).with_endpoint(cloud["roma_link"]).build()
    call("wrong_key", client.list_devices, roma.ListDevicesRequest(cloud["instance_id"]))


def main():
    cloud = json.load(sys.stdin)
    credentials = BasicCredentials(cloud["access_key"], cloud["secret_key"]).with_iam_endpoint(cloud["iam"])
    link_calls(cloud, credentials)
    dcs_calls(cloud, credentials)
    iam_calls(cloud)
    other_algorithms(cloud, credentials)
    wrong_key(cloud)


main()
