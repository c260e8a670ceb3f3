<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /customers/ID/users/UID: edit a user; send the invitation again, cancel it, delete the user. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'user']" mode="content">
	<xsl:for-each select="t:user"><xsl:call-template name="user-head"/></xsl:for-each>
	<section class="card pad small">
		<h2>Edit</h2>
		<xsl:for-each select="t:form[@name = 'user']">
			<xsl:call-template name="form"><xsl:with-param name="cancel" select="concat('customers/', /t:page/t:customer/@id, '/users')"/></xsl:call-template>
		</xsl:for-each>
	</section>
	<xsl:if test="t:form[@name = 'resend'] or not(t:user/@self)">
		<section class="card pad small">
			<h2>Invitation and access</h2>
			<xsl:for-each select="t:form[@name = 'resend']">
				<p>A new link is sent to <bdi><xsl:value-of select="/t:page/t:user/@email"/></bdi>; the old one stops working.</p>
				<xsl:call-template name="form"><xsl:with-param name="button"></xsl:with-param></xsl:call-template>
			</xsl:for-each>
			<xsl:for-each select="t:user[not(@self)]">
				<p class="foot">
					<xsl:if test="@state = 'Invited' or @state = 'Expired'">
						<a class="button ask" href="{$base}customers/{/t:page/t:customer/@id}/users/{@id}/cancel">Cancel invitation</a>
					</xsl:if>
					<a class="button ask" href="{$base}customers/{/t:page/t:customer/@id}/users/{@id}/delete">Delete user</a>
				</p>
			</xsl:for-each>
		</section>
	</xsl:if>
</xsl:template>

<xsl:template name="user-head">
	<p class="crumb"><a href="{$base}customers/{/t:page/t:customer/@id}/users"><bdi><xsl:value-of select="/t:page/t:customer/@name"/></bdi> - Users and roles</a></p>
	<div class="head"><h1><bdi><xsl:value-of select="@name"/></bdi></h1><span class="badge"><xsl:value-of select="@state"/></span></div>
</xsl:template>
</xsl:stylesheet>
